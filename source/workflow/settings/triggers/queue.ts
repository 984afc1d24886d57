import {isQueueName, queueBackends} from '../../queues.ts';
import type {QueueTrigger} from '../../triggers.ts';
import type {YamlEntry, YamlMap} from '../../yaml/tree.ts';
import {readChoice, readDurationMs, readInteger, readText, wrong} from '../read-value.ts';
import {readSecretName} from './secret.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const example = 'queue: { name: mails, backend: embedded }';

export const readQueue: TriggerReader<QueueTrigger> = (report, node, start) => {
	if (node.kind !== 'map' && node.kind !== 'scalar') return wrongTrigger(report, 'queue', node, example);
	const map: YamlMap =
		node.kind === 'map'
			? node
			: {kind: 'map', start: node.start, entries: [{key: 'name', keyStart: node.start, value: node} as YamlEntry]};
	const {entries, common, sites} = readTriggerKeys(
		report,
		map,
		['name', 'backend', 'url', 'concurrency', 'retries', 'retry-delay', 'visibility'],
		'queue',
	);
	const nameEntry = entries.get('name');
	if (!nameEntry) return missingKey(report, 'queue', 'name', start, example);
	const name = readText(report, nameEntry)?.trim();
	const backend = entries.get('backend');
	const url = entries.get('url');
	const concurrency = entries.get('concurrency');
	const retries = entries.get('retries');
	const retryDelay = entries.get('retry-delay');
	const visibility = entries.get('visibility');
	const urlSecretName = url && readSecretName(report, url);
	const place = (backend && readChoice(report, backend, queueBackends)) ?? 'embedded';
	if (name === undefined) return undefined;
	if (!isQueueName(name))
		return wrong(
			report,
			'name',
			nameEntry.value,
			'a name of letters, digits, `.`, `_` and `-`',
			'Begin with a letter or a digit, and use at most 100 characters.',
		);
	if (url && urlSecretName !== undefined && place === 'embedded') {
		report.error(
			'value.invalid',
			url.keyStart,
			'An embedded queue is in this daemon and has no `url:`.',
			'Write `backend: redis` or `backend: rabbitmq`, or leave `url:` out.',
		);
		return undefined;
	}

	return {
		value: {
			kind: 'queue',
			name,
			backend: place,
			...(urlSecretName !== undefined && {urlSecretName}),
			concurrency: (concurrency && readInteger(report, concurrency, {min: 1, max: 256})) ?? 1,
			retries: (retries && readInteger(report, retries, {min: 0, max: 100})) ?? 3,
			retryDelayMs: (retryDelay && readDurationMs(report, retryDelay)) ?? 30_000,
			visibilityMs: (visibility && readDurationMs(report, visibility)) ?? 3_600_000,
			...common,
		},
		sites,
	};
};
