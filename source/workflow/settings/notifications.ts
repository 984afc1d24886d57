import {limits} from '../../limits.ts';
import type {ExpressionSite} from '../expression/site.ts';
import {type SealedText, sealedOf, secretNameIn} from '../sealed.ts';
import {quotedListOf} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry, YamlMap} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readTextList, wrong} from './read-value.ts';
import {readSecretName} from './triggers/secret.ts';
import {readAddress, readHeaders} from './webhook.ts';

/** Events that others can be told of. */
export const notifiedEvents = [
	'run.started',
	'run.completed',
	'run.failed',
	'run.cancelled',
	'run.paused',
	'approval.requested',
	'budget.alerted',
	'budget.exceeded',
] as const;
export type NotifiedEvent = (typeof notifiedEvents)[number];

const notifiedByDefault: readonly NotifiedEvent[] = [
	'run.completed',
	'run.failed',
	'run.cancelled',
	'approval.requested',
	'budget.exceeded',
];

/** One of `webhooks:` in the settings of a workspace or of the user: who is told of what happens in runs. */
export interface NotificationSettings {
	readonly url: SealedText;
	readonly headers: Readonly<Record<string, SealedText>>;
	readonly secretName?: string;
	readonly on: readonly NotifiedEvent[];
	/** Globs of names of workflows; empty: all. */
	readonly workflows: readonly string[];
}

const example = 'Write `webhooks: [{ url: https://example.com/hook, on: [run.failed] }]`.';

export const readNotifications = (report: Report, {key, keyStart, value}: YamlEntry): NotificationSettings[] => {
	if (value.kind === 'broken') return [];
	if (value.kind !== 'list') {
		wrong(report, key, value, 'a list', example);
		return [];
	}

	if (value.items.length > limits.notifiedMax) {
		wrong(report, key, value, `a list of at most ${limits.notifiedMax}`, 'Let one receiver tell the others.');
		return [];
	}

	return value.items.flatMap(node => {
		if (node.kind === 'broken') return [];
		if (node.kind === 'map') return readNotification(report, {key, keyStart, value: node}, node) ?? [];
		wrong(report, key, node, 'a list of mappings', example);
		return [];
	});
};

const readNotification = (report: Report, parent: YamlEntry, map: YamlMap): NotificationSettings | undefined => {
	const entries = readKeys(report, map, ['url', 'headers', 'secret', 'on', 'workflows'], [], 'a webhook');
	const url = readAddress(report, entries.get('url'), {...parent, keyStart: map.start});
	const headers = readHeaders(report, entries.get('headers'));
	const secret = entries.get('secret');
	const secretName = secret && readSecretName(report, secret);
	const on = entries.get('on');
	const workflows = entries.get('workflows');
	const sites = [...(url?.sites ?? []), ...(headers?.sites ?? [])];
	if (!url || !checkOnlySecrets(report, sites)) return undefined;
	const sealed = (template: string) => sealedOf(template, text => text);
	return {
		url: sealed(url.value),
		headers: Object.fromEntries(
			Object.entries(headers?.value ?? {}).map(([name, template]) => [name, sealed(template)] as const),
		),
		...(secretName !== undefined && {secretName}),
		on: on ? readEvents(report, on) : notifiedByDefault,
		workflows: workflows ? (readTextList(report, workflows) ?? []).map(({text}) => text) : [],
	};
};

const readEvents = (report: Report, entry: YamlEntry): readonly NotifiedEvent[] =>
	(readTextList(report, entry) ?? []).flatMap(({text, start}) => {
		const event = notifiedEvents.find(known => known === text);
		if (event !== undefined) return event;
		const message = `Nobody can be told of \`${text}\`.`;
		const known = `They can be told of ${quotedListOf(notifiedEvents)}.`;
		report.error('value.invalid', start, message, didYouMean(text, notifiedEvents, known));
		return [];
	});

/** There is no run yet whose inputs or steps could be read. */
const checkOnlySecrets = (report: Report, sites: readonly ExpressionSite[]): boolean => {
	const wrongSites = sites.filter(({expression}) => secretNameIn(expression) === undefined);
	for (const {offsetOf} of wrongSites)
		report.error(
			'expression.misplaced',
			offsetOf(0),
			'Settings can read secrets only.',
			'Write `${{ secrets.NAME }}`.',
		);
	return wrongSites.length === 0;
};

/** The secrets that are needed to tell. */
export const notificationSecretNames = (notifications: readonly NotificationSettings[]): readonly string[] => [
	...new Set(
		notifications.flatMap(({url, headers, secretName}) => [
			...[url, ...Object.values(headers)].flatMap(text =>
				text.flatMap(part => (typeof part === 'string' ? [] : [part.secret])),
			),
			...(secretName === undefined ? [] : [secretName]),
		]),
	),
];
