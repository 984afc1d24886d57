import {readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

const fileBytesMax = 64 * 1024 * 1024;
const isLog = name => /\.(?:log|jsonl|ndjson|txt)$/.test(name);

const filesOf = place => {
	const found = statSync(place, {throwIfNoEntry: false});
	if (!found) throw new Error(`There is no ${place}. Name the logs with --input logs=<file or folder>.`);
	if (found.isFile()) return [place];
	const files = readdirSync(place)
		.filter(isLog)
		.sort()
		.map(name => path.join(place, name));
	if (files.length === 0) throw new Error(`${place} holds no .log, .txt, .jsonl or .ndjson file.`);
	return files;
};

/** @returns Lines with a moment, the oldest first: [{at, place, text, message, isError}], `place` being `file:line`. */
export const entriesOf = place =>
	filesOf(place)
		.flatMap(file => {
			if (statSync(file).size > fileBytesMax)
				throw new Error(`${file} is larger than 64 MiB: give the end of it, as tail makes it.`);
			return readFileSync(file, 'utf8')
				.split('\n')
				.flatMap((text, index) => entryOf(text, `${file}:${index + 1}`) ?? []);
		})
		.sort((a, b) => a.at.localeCompare(b.at));

const entryOf = (text, place) => {
	const {when, level, message} = text.startsWith('{') ? ofJson(text) : ofLine(text);
	const moment = new Date(when ?? Number.NaN);
	if (Number.isNaN(moment.getTime())) return undefined;
	return {
		at: moment.toISOString(),
		place,
		text,
		message,
		isError: /^(?:error|err|fatal|crit|critical|panic|emerg|alert)/i.test(level ?? ''),
	};
};

const ofJson = text => {
	try {
		const {time, timestamp, ts, '@timestamp': at, level, severity, msg, message, error} = JSON.parse(text);
		// Of pino: 50 is error, 60 fatal.
		const name = typeof level === 'number' ? (level >= 50 ? 'error' : 'info') : level;
		return {
			when: time ?? timestamp ?? ts ?? at,
			level: name ?? severity,
			message: String(msg ?? message ?? error?.message ?? text),
		};
	} catch {
		return {};
	}
};

/** `2026-11-20T10:00:00Z ERROR message`, `[2026-11-20 10:00:00,123] error: message` and the like; without a zone it is UTC. */
const ofLine = text => {
	const found = /^\[?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,3})\d*)?(Z|[+-]\d\d:?\d\d)?\]?\s*(.*)$/.exec(
		text,
	);
	if (!found) return {};
	const [, day, time, fraction = '0', zone = 'Z', rest] = found;
	const level = /^[[(]?\s*(\w+)[\])]?:?\s/.exec(rest)?.[1] ?? '';
	return {when: `${day}T${time}.${fraction.padEnd(3, '0')}${zone}`, level, message: rest};
};
