import type {Overlap} from '../../definition.ts';
import type {Report} from '../../text/report.ts';
import {type FileEvent, type FilesTrigger, fileEvents} from '../../triggers.ts';
import type {YamlEntry, YamlMap} from '../../yaml/tree.ts';
import {readChoice, readDurationMs, readTextList, wrong} from '../read-value.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const example = 'files: { paths: ["inbox/**/*.md"] }';
const overlaps: readonly Overlap[] = ['skip', 'queue', 'cancel-previous'];
const keys = ['paths', 'ignore', 'events', 'settle', 'poll', 'batch', 'debounce', 'overlap'] as const;

/** A glob, or `{ paths, ignore, events, settle, poll, batch, debounce, overlap }`. */
export const readFiles: TriggerReader<FilesTrigger> = (report, node, start) => {
	if (node.kind !== 'map' && node.kind !== 'scalar') return wrongTrigger(report, 'files', node, example);
	const map: YamlMap =
		node.kind === 'map'
			? node
			: {kind: 'map', start: node.start, entries: [{key: 'paths', keyStart: node.start, value: node} as YamlEntry]};
	const {entries, common, sites} = readTriggerKeys(report, map, keys, 'files');
	const pathsEntry = entries.get('paths');
	if (!pathsEntry) return missingKey(report, 'files', 'paths', start, example);
	const paths = readGlobs(report, pathsEntry);
	const ignoreEntry = entries.get('ignore');
	const ignore = ignoreEntry ? readGlobs(report, ignoreEntry) : [];
	const events = entries.get('events');
	const settle = entries.get('settle');
	const poll = entries.get('poll');
	const pollMs = poll && readPollMs(report, poll);
	const batchEntry = entries.get('batch');
	const batch = (batchEntry && readChoice(report, batchEntry, ['each', 'all'] as const)) ?? 'each';
	const debounce = entries.get('debounce');
	if (debounce && batch === 'each') {
		const message = '`debounce` gathers files for one run, but each file has a run of its own here.';
		report.warning('key.misplaced', debounce.keyStart, message, 'Write `batch: all`, or use `settle`.');
	}

	const overlap = entries.get('overlap');
	if (!paths || !ignore) return undefined;
	return {
		value: {
			kind: 'files',
			paths,
			ignore,
			events: (events && readEvents(report, events)) ?? ['add', 'change'],
			settleMs: (settle && readDurationMs(report, settle)) ?? 1000,
			...(pollMs !== undefined && {pollMs}),
			batch,
			debounceMs: (debounce && readDurationMs(report, debounce)) ?? 1000,
			overlap: (overlap && readChoice(report, overlap, overlaps)) ?? 'queue',
			...common,
		},
		sites,
	};
};

/** More often would keep the disk busy with nothing else. */
const pollMsMin = 1000;

const readGlobs = (report: Report, entry: YamlEntry): readonly string[] | undefined => {
	const globs = readTextList(report, entry);
	const outside = globs?.find(({text}) => text.startsWith('/') || text.split('/').includes('..'));
	if (!outside) return globs?.map(({text}) => text);
	const message = `\`${outside.text}\` is not in the workspace.`;
	report.error('value.invalid', outside.start, message, 'Write it from the workspace, as `inbox/**`.');
	return undefined;
};

const readEvents = (report: Report, entry: YamlEntry): readonly FileEvent[] | undefined => {
	const texts = readTextList(report, entry);
	const known = fileEvents.map(each => `\`${each}\``).join(', ');
	const unknown = texts?.find(({text}) => !fileEvents.some(each => each === text));
	if (unknown) {
		report.error('value.invalid', unknown.start, `\`${unknown.text}\` is no event of a file.`, `Known here: ${known}.`);
		return undefined;
	}

	if (texts?.length === 0) return wrong(report, 'events', entry.value, `one or more of ${known}`);
	return texts && [...new Set(texts.map(({text}) => text as FileEvent))];
};

const readPollMs = (report: Report, entry: YamlEntry): number | undefined => {
	const pollMs = readDurationMs(report, entry);
	if (pollMs === undefined || pollMs >= pollMsMin) return pollMs;
	return wrong(report, 'poll', entry.value, 'a second or more', 'Write `poll: 10s`.');
};
