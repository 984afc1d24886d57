import type {HttpSettings} from '../definition.ts';
import type {ExpressionSite, Sited} from '../expression/site.ts';
import {hasExpression} from '../expression/template.ts';
import {quotedListOf} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readAuth} from './http-auth.ts';
import {readKeys} from './keys.ts';
import {readBoolean, readMap, readText, wrong} from './read-value.ts';
import {readSitedTemplate, sitedValueOf} from './templates.ts';
import {sitedMapOf} from './tool.ts';

const httpKeys = [
	'method',
	'url',
	'query',
	'headers',
	'json',
	'form',
	'body',
	'auth',
	'expect',
	'follow-redirects',
] as const;
type HttpKey = (typeof httpKeys)[number];

const example = 'Write `http: { url: https://example.com/items }`.';

/** Reads `http:`, a URL or a mapping. */
export const readHttp = (report: Report, entry: YamlEntry): Sited<HttpSettings> | undefined => {
	const {key, keyStart, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && typeof value.value === 'string') {
		const url = readUrl(report, entry);
		return url && {value: {...defaults, method: 'GET', url: url.value}, sites: url.sites};
	}

	if (value.kind !== 'map') return wrong(report, key, value, 'a mapping', example);
	const entries = readKeys(report, value, httpKeys, [], '`http`');
	const sites: ExpressionSite[] = [];
	const read = <T>(
		name: HttpKey,
		reader: (report: Report, entry: YamlEntry) => Sited<T> | undefined,
	): T | undefined => {
		const found = entries.get(name);
		const sited = found && reader(report, found);
		sites.push(...(sited?.sites ?? []));
		return sited?.value;
	};
	if (!entries.has('url')) report.error('key.missing', keyStart, '`http` has no `url`.', example);
	const url = read('url', readUrl);
	const query = read('query', readValues);
	const headers = read('headers', readHeaders);
	const auth = read('auth', readAuth);
	const body = readBody(report, entries, read);
	const methodEntry = entries.get('method');
	const method = methodEntry ? readMethod(report, methodEntry) : body ? 'POST' : 'GET';
	if (methodEntry && body && (method === 'GET' || method === 'HEAD')) {
		const message = `A \`${method}\` request has no body.`;
		report.error('http.body-misplaced', methodEntry.value.start, message, 'Write `method: POST`, or use `query:`.');
	}

	const expectEntry = entries.get('expect');
	const followEntry = entries.get('follow-redirects');
	const expect = expectEntry ? readExpect(report, expectEntry) : undefined;
	const followRedirects = followEntry && readBoolean(report, followEntry);
	if (url === undefined || method === undefined) return undefined;
	return {
		value: {
			...{method, url, query: query ?? {}, headers: headers ?? {}},
			...(body && {body}),
			...(auth && {auth}),
			expect: expect ?? defaults.expect,
			followRedirects: followRedirects ?? defaults.followRedirects,
		},
		sites,
	};
};

const defaults = {query: {}, headers: {}, expect: [[200, 299]], followRedirects: true} as const;

const readUrl = (report: Report, entry: YamlEntry): Sited<string> | undefined => {
	const url = readSitedTemplate(report, entry, 'http');
	if (!url) return undefined;
	const text = url.value.trim();
	if (text === '') return wrong(report, entry.key, entry.value, 'a URL', example);
	// One that begins with a value is looked at when it is known.
	const isOpen = hasExpression(text) && text.startsWith('${{');
	if (isOpen || /^https?:\/\/[^\s/]/i.test(text)) return {...url, value: text};
	const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1];
	const message = scheme ? `\`http\` cannot ask \`${scheme}://\`.` : `\`${shortened(text)}\` is not a whole URL.`;
	report.error(
		'http.url-invalid',
		entry.value.start,
		message,
		`Write \`url: https://${scheme ? 'example.com/items' : text}\`.`,
	);
	return undefined;
};

const readValues = (report: Report, entry: YamlEntry) => {
	const map = readMap(report, entry);
	return map && sitedMapOf(report, map, 'http');
};

const readHeaders = (report: Report, entry: YamlEntry): Sited<HttpSettings['headers']> | undefined => {
	const map = readMap(report, entry);
	if (!map) return undefined;
	const headers: [string, string][] = [];
	const sites: ExpressionSite[] = [];
	for (const header of map.entries) {
		if (!isHeaderName(header.key)) {
			const message = `\`${shortened(header.key)}\` cannot be the name of a header.`;
			report.error('http.header-invalid', header.keyStart, message, 'Write letters, digits and `-`.');
			continue;
		}

		const sited = readSitedTemplate(report, header, 'http');
		if (!sited) continue;
		headers.push([header.key, sited.value]);
		sites.push(...sited.sites);
	}

	return {value: Object.fromEntries(headers), sites};
};

export const isHeaderName = (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name);

type Read = <T>(name: HttpKey, reader: (report: Report, entry: YamlEntry) => Sited<T> | undefined) => T | undefined;

const readBody = (
	report: Report,
	entries: ReadonlyMap<HttpKey, YamlEntry>,
	read: Read,
): HttpSettings['body'] | undefined => {
	const given = (['json', 'form', 'body'] as const).filter(name => entries.has(name));
	if (given.length > 1) {
		const message = `A request has one body; this one has ${quotedListOf(given)}.`;
		report.error('http.body-conflict', entries.get(given[1]!)!.keyStart, message, 'Keep one of them.');
	}

	if (entries.has('json')) {
		const value = read('json', (_, entry) => sitedValueOf(report, entry.value, 'http'));
		return {kind: 'json', value: (value ?? null) as string};
	}

	if (entries.has('form')) return {kind: 'form', fields: read('form', readValues) ?? {}};
	const text = read('body', (_, entry) => readSitedTemplate(report, entry, 'http'));
	return text === undefined ? undefined : {kind: 'text', text};
};

const readMethod = (report: Report, entry: YamlEntry): string | undefined => {
	const method = readText(report, entry)?.trim().toUpperCase();
	if (method === undefined) return undefined;
	if (/^[A-Z]+$/.test(method) && !['CONNECT', 'TRACE', 'TRACK'].includes(method)) return method;
	return wrong(report, entry.key, entry.value, 'a method of HTTP such as `GET` or `POST`');
};

/** `404`, `200-299`, `2xx`, or a list of them. */
const readExpect = (report: Report, {key, value}: YamlEntry): HttpSettings['expect'] | undefined => {
	if (value.kind === 'broken') return undefined;
	const ranges: [number, number][] = [];
	for (const node of value.kind === 'list' ? value.items : [value]) {
		if (node.kind === 'broken') return undefined;
		const range = node.kind === 'scalar' ? rangeOf(node.text.trim()) : undefined;
		if (!range) return wrong(report, key, node, 'statuses, as in `[200-299, 404]`', 'Write `expect: [200-299, 404]`.');
		ranges.push(range);
	}

	return ranges;
};

const rangeOf = (text: string): [number, number] | undefined => {
	const family = /^([1-5])xx$/i.exec(text)?.[1];
	if (family) return [Number(family) * 100, Number(family) * 100 + 99];
	const [, from, to = from] = /^(\d{3})(?:\s*-\s*(\d{3}))?$/.exec(text) ?? [];
	return from !== undefined && Number(from) >= 100 && Number(to) <= 599 && Number(from) <= Number(to)
		? [Number(from), Number(to)]
		: undefined;
};
