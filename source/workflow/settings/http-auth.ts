import type {HttpSettings} from '../definition.ts';
import type {ExpressionSite, Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {isHeaderName} from './http.ts';
import {readKeys} from './keys.ts';
import {wrong} from './read-value.ts';
import {readSitedTemplate} from './templates.ts';

type Auth = NonNullable<HttpSettings['auth']>;

const example = 'Write `auth: { bearer: "${{ secrets.TOKEN }}" }`.';
const expected = '`bearer`, `basic` or `header` in a mapping';

/** Reads `auth:` of a request: what it sends to the host of its URL only. */
export const readAuth = (report: Report, entry: YamlEntry): Sited<Auth> | undefined => {
	const {key, value} = entry;
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') return wrong(report, key, value, expected, example);
	const entries = readKeys(report, value, ['bearer', 'basic', 'header'], [], '`auth`');
	const [first, ...others] = entries.values();
	if (!first) return wrong(report, key, value, expected, example);
	if (others.length > 0) {
		report.error('http.auth-conflict', others[0]!.keyStart, 'A request has one `auth`.', 'Keep one of them.');
		return undefined;
	}

	if (first.key === 'basic') return readBasic(report, first);
	return first.key === 'header' ? readHeader(report, first) : readBearer(report, first);
};

const readBearer = (report: Report, entry: YamlEntry): Sited<Auth> | undefined => {
	const token = readSitedTemplate(report, entry, 'http');
	return token && {value: {kind: 'bearer', token: token.value}, sites: token.sites};
};

const readBasic = (report: Report, {key, keyStart, value}: YamlEntry): Sited<Auth> | undefined => {
	const basic = 'Write `basic: { username: me, password: "${{ secrets.PASSWORD }}" }`.';
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') return wrong(report, key, value, 'a mapping', basic);
	const entries = readKeys(report, value, ['username', 'password'], [], '`basic`');
	const texts = (['username', 'password'] as const).map(name => {
		const entry = entries.get(name);
		if (!entry) report.error('key.missing', keyStart, `\`basic\` has no \`${name}\`.`, basic);
		return entry && readSitedTemplate(report, entry, 'http');
	});
	const [username, password] = texts;
	if (!username || !password) return undefined;
	return {
		value: {kind: 'basic', username: username.value, password: password.value},
		sites: texts.flatMap((text): readonly ExpressionSite[] => text?.sites ?? []),
	};
};

const readHeader = (report: Report, {key, value}: YamlEntry): Sited<Auth> | undefined => {
	const header = 'Write `header: { X-Api-Key: "${{ secrets.KEY }}" }`.';
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map' || value.entries.length !== 1)
		return wrong(report, key, value, 'one name and value', header);
	const [entry] = value.entries;
	if (!isHeaderName(entry!.key)) {
		const message = `\`${shortened(entry!.key)}\` cannot be the name of a header.`;
		report.error('http.header-invalid', entry!.keyStart, message, header);
		return undefined;
	}

	const text = readSitedTemplate(report, entry!, 'http');
	return text && {value: {kind: 'header', name: entry!.key, value: text.value}, sites: text.sites};
};
