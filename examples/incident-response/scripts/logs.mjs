// What logs say: `logs.mjs timeline --logs=<place> --minutes=60`, `logs.mjs search --logs=<place> --pattern=<text>`.
import {appendFileSync} from 'node:fs';
import {parseArgs} from 'node:util';
import {entriesOf} from './entries.mjs';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {logs: {type: 'string'}, minutes: {type: 'string', default: '60'}, pattern: {type: 'string', default: ''}},
});
const place = values.logs ?? 'logs';

/** Numbers, ids and addresses differ from line to line of one and the same error. */
const shapeOf = message =>
	message
		.replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, '…')
		.replaceAll(/\b0x[0-9a-f]+\b|\b[0-9a-f]{12,}\b|\d+(?:\.\d+)*/gi, '…')
		.slice(0, 160);

const groupsOf = errors =>
	Object.entries(Object.groupBy(errors, ({message}) => shapeOf(message)))
		.map(([, same]) => ({
			count: same.length,
			first: same[0].at,
			last: same.at(-1).at,
			place: same[0].place,
			message: same[0].message.slice(0, 300),
		}))
		.sort((a, b) => a.first.localeCompare(b.first))
		.slice(0, 40);

const timeline = () => {
	const all = entriesOf(place);
	const last = all.at(-1)?.at ?? new Date(0).toISOString();
	const beginning = new Date(Date.parse(last) - Number(values.minutes) * 60_000).toISOString();
	const entries = all.filter(({at}) => at >= beginning);
	const errors = entries.filter(({isError}) => isError);
	const minutes = Object.entries(Object.groupBy(errors, ({at}) => at.slice(0, 16)));
	const groups = groupsOf(errors);

	console.log(`${entries.length} lines from ${beginning} to ${last}, ${errors.length} of them errors.`);
	if (errors.length > 0)
		console.log(
			`\nErrors by minute\n${minutes
				.slice(0, 120)
				.map(([minute, of]) => `${minute} ${of.length}`)
				.join('\n')}`,
		);
	if (groups.length > 0) console.log('\nErrors, the first to appear first');
	for (const {count, first, last: latest, place: line, message} of groups)
		console.log(`${line} ${count}x ${first} to ${latest}: ${message}`);
	const outputs = {lines: entries.length, errors: errors.length, from: errors[0]?.at ?? beginning, to: last, groups};
	if (process.env.OUTPUT) appendFileSync(process.env.OUTPUT, JSON.stringify(outputs));
};

const search = () => {
	const found = entriesOf(place).filter(({text}) => text.toLowerCase().includes(values.pattern.toLowerCase()));
	console.log(
		JSON.stringify({
			count: found.length,
			lines: found.slice(0, 50).map(({place: line, text}) => `${line} ${text.slice(0, 400)}`),
		}),
	);
};

try {
	({timeline, search})[positionals[0]]();
} catch (error) {
	console.error(error.message);
	process.exit(1);
}
