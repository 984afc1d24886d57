import {limits} from '../../limits.ts';
import type {Template, WebhookStep} from '../definition.ts';
import {type ExpressionSite, type Sited, sitesOf} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import {isHeaderName, outgoingMethods, ownHeaders} from '../outgoing.ts';
import {secretNameIn} from '../sealed.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry, type YamlMap} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readBoolean, readChoice, readDurationMs, readInteger, readMap, readTemplate, wrong} from './read-value.ts';
import {readSitedTemplate, sitedValueOf} from './templates.ts';
import {readSecretName} from './triggers/secret.ts';

export type OutgoingWebhook = Pick<
	WebhookStep,
	'url' | 'method' | 'headers' | 'json' | 'body' | 'secretName' | 'event' | 'expiresMs' | 'triesMax' | 'isAwaited'
>;

const keys = ['url', 'method', 'headers', 'json', 'body', 'secret', 'event', 'expires', 'max', 'await'] as const;
const example = 'webhook: { url: https://example.com/hook, json: { text: hello } }';

/** Reads `webhook:` of a step: what is sent, where to, and for how long it is tried. */
export const readOutgoingWebhook = (report: Report, entry: YamlEntry): Sited<OutgoingWebhook> | undefined => {
	const {value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') return wrong(report, 'webhook', value, 'a mapping with `url`', `Write \`${example}\`.`);
	const entries = readKeys(report, value, keys, [], '`webhook`');
	const url = readAddress(report, entries.get('url'), entry);
	const headers = readHeaders(report, entries.get('headers'));
	const json = entries.get('json');
	const body = entries.get('body');
	if (json && body) {
		const message = 'A webhook has one body; this one has `json` and `body`.';
		report.error('key.conflict', body.keyStart, message, 'Keep one of them.');
	}

	const content = json && json.value.kind !== 'broken' ? sitedValueOf(report, json.value, 'setting') : undefined;
	const text = body && readSitedTemplate(report, body, 'setting');
	const eventEntry = entries.get('event');
	const event = eventEntry && readSitedTemplate(report, eventEntry, 'setting');
	const sited = [url, headers, content, text, event];
	const {secretName, site} = readSecret(report, entries.get('secret'));
	return {
		value: {
			...{url: url?.value ?? '', headers: headers?.value ?? {}},
			...readSending(report, entries),
			...(content && {json: content.value}),
			...(text && {body: text.value}),
			...(secretName !== undefined && {secretName}),
			...(event && {event: event.value}),
		},
		sites: [...sited.flatMap(each => each?.sites ?? []), ...site],
	};
};

type Entries = ReadonlyMap<(typeof keys)[number], YamlEntry>;

const readSending = (report: Report, entries: Entries) => {
	const [method, expires, max, awaited] = (['method', 'expires', 'max', 'await'] as const).map(key => entries.get(key));
	const expiresMs = expires && readDurationMs(report, expires);
	if (expires && expiresMs !== undefined && expiresMs > limits.deliveryExpiresMsMax)
		wrong(report, 'expires', expires.value, 'at most 7d', 'Write `expires: 24h`.');
	const triesMax = max && readInteger(report, max, {min: 1, max: limits.deliveryTriesMax});
	return {
		method: (method && readChoice(report, method, outgoingMethods)) ?? 'POST',
		isAwaited: (awaited && readBoolean(report, awaited)) ?? false,
		...(expiresMs !== undefined && {expiresMs}),
		...(triesMax !== undefined && {triesMax}),
	};
};

/** An address that holds no expression is checked now; any other when the step begins. */
export const readAddress = (
	report: Report,
	entry: YamlEntry | undefined,
	parent: YamlEntry,
): Sited<Template> | undefined => {
	if (!entry) {
		report.error('key.missing', parent.keyStart, 'This webhook has no `url`.', `Write \`${example}\`.`);
		return undefined;
	}

	const url = readSitedTemplate(report, entry, 'webhook');
	const text = url?.value.trim() ?? '';
	const protocol = hasExpression(text) ? 'https:' : URL.parse(text)?.protocol;
	if (url && protocol !== 'http:' && protocol !== 'https:')
		return wrong(report, 'url', entry.value, 'an address that begins with `https://` or `http://`');
	checkSealed(report, url?.sites ?? []);
	return url && {...url, value: text};
};

export const readHeaders = (
	report: Report,
	entry: YamlEntry | undefined,
): Sited<Readonly<Record<string, Template>>> | undefined => {
	const map: YamlMap | undefined = entry && readMap(report, entry);
	if (!map) return undefined;
	const headers: [string, Template][] = [];
	const sites: ExpressionSite[] = [];
	for (const header of map.entries) {
		const name = header.key.toLowerCase();
		if (!isHeaderName(name)) {
			const message = `\`${shortened(header.key)}\` cannot be the name of a header.`;
			report.error('header.name-invalid', header.keyStart, message, 'Use letters, digits and `-`.');
		} else if (ownHeaders.includes(name)) {
			const message = `The header \`${header.key}\` is set by aiworkflow itself.`;
			report.error('header.name-reserved', header.keyStart, message, 'Remove it.');
		} else {
			const value = readSitedTemplate(report, header, 'webhook');
			if (!value) continue;
			checkSealed(report, value.sites);
			headers.push([name, value.value]);
			sites.push(...value.sites);
		}
	}

	return {value: Object.fromEntries(headers), sites};
};

const readSecret = (report: Report, entry: YamlEntry | undefined) => {
	const secretName = entry && readSecretName(report, entry);
	const template = secretName === undefined ? undefined : readTemplate(report, entry!);
	if (template === undefined || entry?.value.kind !== 'scalar') return {site: []};
	return {secretName, site: sitesOf(report, template, 'webhook', entry.value.offsetOf)};
};

/** A secret is named in the outbox and read when it is sent, so nothing can be made of it before. */
const checkSealed = (report: Report, sites: readonly ExpressionSite[]): void => {
	for (const {expression, offsetOf} of sites) {
		const start = expression.search(/(?<![\w.])secrets\b/i);
		if (start === -1 || secretNameIn(expression) !== undefined) continue;
		const message = 'A secret stands alone here: it is read only when the webhook is sent.';
		report.error('secret.misplaced', offsetOf(start), message, 'Write `${{ secrets.NAME }}` and nothing else in it.');
	}
};
