import {readEnvironment} from '../workflow/settings/env.ts';
import {readChoice, readDurationMs, readMap, readText, readTextList, wrong} from '../workflow/settings/read-value.ts';
import {isVariableName} from '../workflow/text/names.ts';
import type {Report} from '../workflow/text/report.ts';
import {nounOf, shortened, type YamlEntry, type YamlMap} from '../workflow/yaml/tree.ts';
import type {McpImplementation, OpenapiImplementation, ToolImplementation} from './definition.ts';
import {readOperations} from './operations.ts';
import {readReferringText, readToolKeys} from './read-keys.ts';

export const kindKeys = ['mcp', 'openapi', 'script', 'module'] as const;
export const commonKeys = ['id', 'for', 'pass-env', 'timeout'] as const;
type Key = (typeof kindKeys)[number] | (typeof commonKeys)[number];
type Entries = ReadonlyMap<string, YamlEntry>;

export interface ImplementationDefaults {
	readonly passEnv: readonly string[];
	readonly timeoutMs?: number;
}

/** @returns `undefined` where it is none; the reason is in the report then. */
export const readImplementation = (
	report: Report,
	entries: ReadonlyMap<Key, YamlEntry>,
	start: number,
	defaults: ImplementationDefaults,
): ToolImplementation | undefined => {
	const [kind, second] = kindKeys.filter(key => entries.has(key));
	if (kind === undefined) {
		const message = 'Nothing says what this tool is.';
		report.error('key.missing', start, message, 'Add one of `mcp:`, `openapi:`, `script:` and `module:`.');
		return undefined;
	}

	if (second) {
		const message = `A tool is one thing: here stand \`${kind}\` and \`${second}\`.`;
		const suggestion = 'Write `implementations:` with a list, the preferred one first.';
		report.error('tool.ambiguous', entries.get(second)!.keyStart, message, suggestion);
		return undefined;
	}

	const common = readCommon(report, entries, kind, defaults);
	const own = readers[kind](report, entries.get(kind)!);
	return own && {...common, ...own};
};

const readCommon = (report: Report, entries: Entries, kind: string, defaults: ImplementationDefaults) => {
	const id = entries.get('id');
	const agents = entries.get('for');
	return {
		id: (id && readId(report, id)) ?? kind,
		...(agents && {agents: (readTextList(report, agents) ?? []).map(({text}) => text)}),
		...readDefaults(report, entries, defaults),
	};
};

/** What all implementations of a tool have, where they do not say it themselves. */
export const readDefaults = (
	report: Report,
	entries: Entries,
	defaults: ImplementationDefaults = {passEnv: []},
): ImplementationDefaults => {
	const passEnv = entries.get('pass-env');
	const timeout = entries.get('timeout');
	const timeoutMs = timeout ? readDurationMs(report, timeout) : defaults.timeoutMs;
	return {
		passEnv: passEnv ? readVariableNames(report, passEnv) : defaults.passEnv,
		...(timeoutMs !== undefined && {timeoutMs}),
	};
};

const readId = (report: Report, entry: YamlEntry): string | undefined => {
	const id = readText(report, entry);
	if (id === undefined || /^[a-z0-9][a-z0-9-]*$/.test(id)) return id;
	const message = `An implementation cannot be called \`${shortened(id)}\`.`;
	report.error('tool.name-invalid', entry.value.start, message, 'Use lower case letters, digits and `-`.');
	return undefined;
};

const readVariableNames = (report: Report, entry: YamlEntry): readonly string[] =>
	(readTextList(report, entry) ?? []).flatMap(({text, start}) => {
		if (isVariableName(text)) return [text];
		const message = `\`${shortened(text)}\` cannot be the name of an environment variable.`;
		report.error('env.name-invalid', start, message, 'Use letters, digits and `_`, and no digit first.');
		return [];
	});

type Own<Kind extends ToolImplementation['kind']> = Omit<
	Extract<ToolImplementation, {readonly kind: Kind}>,
	'id' | 'agents' | 'passEnv' | 'timeoutMs'
>;

const readMcp = (report: Report, entry: YamlEntry): Own<'mcp'> | undefined => {
	const map = readMap(report, entry);
	const entries =
		map && readToolKeys(report, map, ['command', 'args', 'env', 'cwd', 'keep-open', 'url', 'headers'], '`mcp`');
	if (!entries) return undefined;
	const command = entries.get('command');
	const url = entries.get('url');
	if (command && url) {
		const message = 'A server is a process or at an address: here stand `command` and `url`.';
		report.error('tool.ambiguous', url.keyStart, message, 'Remove one of them.');
		return undefined;
	}

	if (url) return readMcpAtAddress(report, entries, url);
	if (command) return readMcpProcess(report, entries, command);
	const suggestion = 'Add `command:` for a process, or `url:` for an address.';
	report.error('key.missing', entry.keyStart, 'Nothing says where this server is.', suggestion);
	return undefined;
};

const readMcpProcess = (report: Report, entries: Entries, entry: YamlEntry): Own<'mcp'> | undefined => {
	misplaced(report, entries.get('headers'), 'is for a server at an address');
	const [command, ...fixed] = readCommand(report, entry);
	const args = entries.get('args');
	const cwd = entries.get('cwd');
	const folder = cwd && readReferringText(report, cwd, 'be-seen');
	const keepOpen = entries.get('keep-open');
	const keepOpenMs = keepOpen && readDurationMs(report, keepOpen);
	const rest = args ? readTexts(report, args) : [];
	const env = readVariables(report, entries.get('env'));
	if (command === undefined) return undefined;
	const server: McpImplementation['server'] = {
		transport: 'stdio',
		command,
		args: [...fixed, ...rest],
		env,
		...(folder !== undefined && {cwd: folder}),
		...(keepOpenMs !== undefined && {keepOpenMs}),
	};
	return {kind: 'mcp', server};
};

const readMcpAtAddress = (report: Report, entries: Entries, entry: YamlEntry): Own<'mcp'> | undefined => {
	for (const key of ['args', 'env', 'cwd', 'keep-open'])
		misplaced(report, entries.get(key), 'is for a server that is a process');
	const url = readUrl(report, entry);
	const headers = entries.get('headers');
	const map = headers && readMap(report, headers);
	const values = (map?.entries ?? []).map(each => [each.key, readReferringText(report, each, 'read-secrets') ?? '']);
	return url === undefined
		? undefined
		: {kind: 'mcp', server: {transport: 'http', url, headers: Object.fromEntries(values)}};
};

const readOpenapi = (report: Report, entry: YamlEntry): Own<'openapi'> | undefined => {
	const map = readMap(report, entry);
	const entries = map && readToolKeys(report, map, ['document', 'server', 'auth', 'operations'], '`openapi`');
	if (!entries) return undefined;
	const at = entries.get('document');
	if (!at) report.error('key.missing', entry.keyStart, 'This has no `document`.', 'Add `document: ./openapi.yaml`.');
	const document = at && readReferringText(report, at, 'be-seen');
	const server = entries.get('server');
	const operations = entries.get('operations');
	const auth = entries.get('auth');
	const address = server && readUrl(report, server);
	if (document === undefined) return undefined;
	return {
		kind: 'openapi',
		document,
		...(address !== undefined && {server: address}),
		auth: auth ? readAuth(report, auth) : {},
		...(operations && {operations: (readTextList(report, operations) ?? []).map(({text}) => text)}),
	};
};

const readAuth = (report: Report, entry: YamlEntry): OpenapiImplementation['auth'] => {
	const schemes = (readMap(report, entry)?.entries ?? []).map(
		(scheme): [string, OpenapiImplementation['auth'][string]] => {
			if (scheme.value.kind !== 'map') return [scheme.key, readReferringText(report, scheme, 'read-secrets') ?? ''];
			const entries = readToolKeys(report, scheme.value, ['username', 'password'], `\`${shortened(scheme.key)}\``);
			const read = (key: 'username' | 'password') => {
				const value = entries.get(key);
				if (!value) report.error('key.missing', scheme.keyStart, `This has no \`${key}\`.`, `Add \`${key}:\`.`);
				return (value && readReferringText(report, value, 'read-secrets')) ?? '';
			};
			return [scheme.key, {username: read('username'), password: read('password')}];
		},
	);
	return Object.fromEntries(schemes);
};

const readScript = (report: Report, entry: YamlEntry): Own<'script'> | undefined => {
	const map = readMap(report, entry);
	const entries = map && readToolKeys(report, map, ['command', 'output', 'operations', 'env'], '`script`');
	if (!entries) return undefined;
	const command = entries.get('command');
	const output = entries.get('output');
	const operations = entries.get('operations');
	if (!command) report.error('key.missing', entry.keyStart, 'This has no `command`.', 'Add `command: ./tool.sh`.');
	if (!operations) {
		const suggestion = 'Add `operations: { search: { inputs: { query: string } } }`.';
		report.error('key.missing', entry.keyStart, 'This has no `operations`.', suggestion);
	}

	return {
		kind: 'script',
		command: command ? readCommand(report, command) : [],
		output: (output && readChoice(report, output, ['json', 'text'])) ?? 'json',
		operations: operations ? readOperations(report, operations) : {},
		env: readVariables(report, entries.get('env')),
	};
};

const readModule = (report: Report, entry: YamlEntry): Own<'module'> | undefined => {
	const {value} = entry;
	if (value.kind !== 'map') {
		const module = readText(report, entry);
		return module === undefined ? undefined : {kind: 'module', module, env: {}};
	}

	const entries = readToolKeys(report, value, ['path', 'env'], '`module`');
	const at = entries.get('path');
	if (!at) report.error('key.missing', entry.keyStart, 'This has no `path`.', 'Add `path: ./tool.ts`.');
	const module = at && readText(report, at);
	return module === undefined ? undefined : {kind: 'module', module, env: readVariables(report, entries.get('env'))};
};

const readers = {mcp: readMcp, openapi: readOpenapi, script: readScript, module: readModule};

/** A program, or a list that begins with one. Nothing is read by a shell, so a text with spaces is a mistake. */
const readCommand = (report: Report, entry: YamlEntry): string[] => {
	const {key, value} = entry;
	if (value.kind === 'list') return readTexts(report, entry);
	const program = readReferringText(report, entry, 'be-seen');
	if (program === undefined) return [];
	const words = program.trim().split(/\s+/);
	if (words.length === 1 && words[0] !== '') return [program.trim()];
	wrong(report, key, value, 'one program, or a list', `Write \`${key}: [${words.join(', ')}]\`: no shell reads it.`);
	return [];
};

const readTexts = (report: Report, {key, keyStart, value}: YamlEntry): string[] => {
	if (value.kind === 'broken') return [];
	if (value.kind !== 'list') {
		wrong(report, key, value, 'a list', `Write \`${key}: [a, b]\`.`);
		return [];
	}

	return value.items.map(item => readReferringText(report, {key, keyStart, value: item}, 'be-seen') ?? '');
};

const readVariables = (report: Report, entry: YamlEntry | undefined): Record<string, string> => {
	const map = entry && readMap(report, entry);
	if (!map) return {};
	// Names are checked as those of steps are; the values may read less.
	const {templates} = readEnvironment(report, {...entry, value: withoutValues(map)}, 'env');
	return Object.fromEntries(
		map.entries
			.filter(({key}) => Object.hasOwn(templates, key))
			.map(each => [each.key, readReferringText(report, each, 'read-secrets') ?? '']),
	);
};

const withoutValues = (map: YamlMap): YamlMap => ({
	...map,
	entries: map.entries.map(entry => ({...entry, value: {kind: 'broken', start: entry.value.start}})),
});

const readUrl = (report: Report, entry: YamlEntry): string | undefined => {
	const text = readReferringText(report, entry, 'read-secrets');
	if (text === undefined) return undefined;
	if (/^(https?:\/\/|\$\{\{)/.test(text)) return text;
	const message = `\`${entry.key}\` must be an address, not ${nounOf(entry.value)}.`;
	report.error('value.invalid', entry.value.start, message, 'Begin with `https://` or `http://`.');
	return undefined;
};

const misplaced = (report: Report, entry: YamlEntry | undefined, because: string): void => {
	if (entry) report.error('key.misplaced', entry.keyStart, `\`${entry.key}\` ${because}.`, 'Remove it.');
};
