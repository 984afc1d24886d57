import type {DraftStep} from '../draft.ts';
import {isRecord, listOf, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {escapeExpressions, promptTextOf} from '../prompt-text.ts';
import type {ActionBlock, KnownNames} from './block.ts';
import {scriptWithVariables, withExpressions} from './values.ts';

type Reader = (block: ActionBlock, known: KnownNames, notes: Notes) => DraftStep | undefined;

/** @returns `undefined` for what has no step here; the notes say why. */
export const stepOfAction: Reader = (block, known, notes) => {
	const reader = Object.hasOwn(readers, block.kind) ? readers[block.kind] : undefined;
	const step = reader?.(block, known, notes);
	if (!reader) {
		const advice = advices[block.kind] ?? 'Write a step that does the same: text for an agent, or a `sh run` fence.';
		notes.dropped(block.line, `action ${block.kind}`, 'has no step here', advice);
	}

	return step && {...step, settings: {...commonOf(block, known, notes), ...step.settings}};
};

const advices: Readonly<Record<string, string>> = {
	condition: 'Write `if:` in the steps that depend on it.',
	if: 'Write `if:` in the steps that depend on it.',
	loop: 'Write `foreach:` in the step that is done for each.',
	foreach: 'Write `foreach:` in the step that is done for each.',
	parallel: 'Write `needs: []` in the steps that begin side by side.',
};

const fieldOf = ({fields}: ActionBlock, ...names: readonly string[]): string | undefined => {
	const all = isRecord(fields.with) ? {...fields, ...fields.with} : fields;
	return names.map(name => textOf((all as Record<string, unknown>)[name])).find(text => text !== undefined);
};

const agent: Reader = (block, known, notes) => {
	const prompt = block.content ?? fieldOf(block, 'prompt', 'input', 'message', 'task', 'instructions');
	if (!prompt?.trim()) return missing(block, notes, 'a prompt');
	const name = fieldOf(block, 'agent', 'provider');
	const model = fieldOf(block, 'model');
	notes.carried(block.line, `action ${block.kind}`, 'an agent step');
	const text = withExpressions(
		promptTextOf(prompt, notes, () => block.line),
		known,
		block.line,
		notes,
	);
	return {
		title: block.title,
		text,
		settings: {...(name && {agent: name}), ...(model && !model.includes('{') && {model})},
	};
};

const languages: Readonly<Record<string, string>> = {
	sh: 'sh',
	shell: 'sh',
	bash: 'bash',
	python: 'python',
	js: 'js',
	javascript: 'js',
	node: 'js',
	typescript: 'ts',
	ts: 'ts',
};

const script: Reader = (block, known, notes) => {
	const code = block.content ?? fieldOf(block, 'run', 'script', 'command', 'cmd', 'code');
	if (!code?.trim()) return missing(block, notes, 'a script');
	const asked = (fieldOf(block, 'language', 'shell', 'lang') ?? block.kind).toLowerCase();
	const language = (Object.hasOwn(languages, asked) && languages[asked]) || 'sh';
	const converted = scriptWithVariables(code, language, known, block.line, notes);
	if (!converted) return undefined;
	notes.carried(block.line, `action ${block.kind}`, `a ${language} script`);
	const hasEnv = Object.keys(converted.env).length > 0;
	return {title: block.title, script: {language, code: converted.code}, settings: hasEnv ? {env: converted.env} : {}};
};

const approval: Reader = (block, known, notes) => {
	const question = block.content ?? fieldOf(block, 'message', 'prompt', 'question', 'text') ?? 'Go on?';
	notes.carried(block.line, `action ${block.kind}`, 'an approval');
	const text = withExpressions(
		promptTextOf(question, notes, () => block.line),
		known,
		block.line,
		notes,
	);
	return {title: block.title, text, settings: {approval: {}}};
};

const wait: Reader = (block, _, notes) => {
	const asked = (block.content ?? fieldOf(block, 'duration', 'for', 'delay', 'seconds', 'time') ?? '').trim();
	const length = /^\d+$/.test(asked) ? `${asked}s` : asked;
	if (!/^(\d+(ms|s|m|h|d|w))+$/.test(length)) return missing(block, notes, 'a length of time such as 10m');
	notes.carried(block.line, `action ${block.kind}`, `wait: ${length}`);
	return {title: block.title, settings: {wait: length}};
};

const uses: Reader = (block, known, notes) => {
	const file = fieldOf(block, 'uses', 'workflow', 'file', 'path');
	if (!file || file.includes('{')) return missing(block, notes, 'the name of a workflow');
	const inputs = isRecord(block.fields.inputs) ? block.fields.inputs : {};
	const given = Object.fromEntries(
		Object.entries(inputs).map(([name, value]) => [
			name,
			typeof value === 'string' ? withExpressions(escapeExpressions(value), known, block.line, notes) : value,
		]),
	);
	notes.changed(block.line, `action ${block.kind}`, `uses: ${file}`, 'Import that workflow as well.');
	return {title: block.title, settings: {uses: file, ...(Object.keys(given).length > 0 && {with: given})}};
};

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];

/** Values of settings, with what the older format reads in them. */
const settingsValue = (value: unknown, block: ActionBlock, known: KnownNames, notes: Notes): unknown => {
	if (typeof value === 'string') return withExpressions(escapeExpressions(value), known, block.line, notes);
	if (Array.isArray(value)) return value.map(item => settingsValue(item, block, known, notes));
	if (!isRecord(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, item]) => [key, settingsValue(item, block, known, notes)]),
	);
};

const http: Reader = (block, known, notes) => {
	const url = fieldOf(block, 'url', 'uri', 'endpoint');
	if (!url) return missing(block, notes, 'the address in `url:`');
	const all: Readonly<Record<string, unknown>> = isRecord(block.fields.with)
		? {...block.fields, ...block.fields.with}
		: block.fields;
	const method = (fieldOf(block, 'method') ?? 'GET').toUpperCase();
	const body = all.json ?? all.body ?? all.data;
	const given = {
		...(methods.includes(method) && {method}),
		url,
		...(isRecord(all.query) && {query: all.query}),
		...(isRecord(all.headers) && {headers: all.headers}),
		...(body !== undefined && body !== null && (typeof body === 'string' ? {body} : {json: body})),
	};
	notes.carried(block.line, `action ${block.kind}`, 'an http step');
	return {title: block.title, settings: {http: settingsValue(given, block, known, notes)}};
};

const tool: Reader = (block, known, notes) => {
	const name = fieldOf(block, 'tool');
	if (!name || !/^[\w.-]+$/.test(name)) return missing(block, notes, 'the name of a tool in `tool:`');
	const given = isRecord(block.fields.with) ? Object.entries(block.fields.with).filter(([key]) => key !== 'tool') : [];
	notes.changed(block.line, `action ${block.kind}`, `tool: ${name}`, 'Describe the tool in .aiworkflow/tools.');
	const inputs = settingsValue(Object.fromEntries(given), block, known, notes);
	return {title: block.title, settings: {tool: name, ...(given.length > 0 && {with: inputs})}};
};

const readers: Readonly<Record<string, Reader>> = {
	...{
		agent,
		ai: agent,
		llm: agent,
		prompt: agent,
		claude: agent,
		codex: agent,
		gemini: agent,
		copilot: agent,
		chat: agent,
	},
	...{
		script,
		shell: script,
		sh: script,
		bash: script,
		run: script,
		command: script,
		exec: script,
		python: script,
		js: script,
		javascript: script,
		node: script,
	},
	...{approval, approve: approval, confirm: approval, human: approval, review: approval},
	...{wait, delay: wait, sleep: wait},
	...{http, request: http, fetch: http, tool},
	...{workflow: uses, uses, call: uses, subworkflow: uses},
};

const missing = (block: ActionBlock, notes: Notes, what: string): undefined => {
	notes.dropped(
		block.line,
		`action ${block.kind}`,
		`has no ${what.replace(/^an? |^the /, '')}`,
		`Write ${what} into the block and import the file again.`,
	);
};

const carried: ReadonlySet<string> = new Set([
	'action',
	'id',
	'name',
	'with',
	'prompt',
	'input',
	'message',
	'task',
	'instructions',
	'question',
	'text',
	'agent',
	'provider',
	'model',
	'run',
	'script',
	'command',
	'cmd',
	'code',
	'language',
	'shell',
	'lang',
	'duration',
	'for',
	'delay',
	'seconds',
	'time',
	...['url', 'uri', 'endpoint', 'method', 'query', 'headers', 'json', 'body', 'data', 'tool'],
	'uses',
	'workflow',
	'file',
	'path',
	'inputs',
]);

/** What every kind of step takes. */
const commonOf = ({fields, line}: ActionBlock, known: KnownNames, notes: Notes): Readonly<Record<string, unknown>> => {
	const settings: Record<string, unknown> = {};
	for (const [key, value] of Object.entries(fields)) {
		if (carried.has(key)) continue;
		if (key === 'needs' || key === 'depends_on' || key === 'dependsOn' || key === 'depends-on') {
			const asked = listOf(value);
			const needs = asked.flatMap(name => known.steps.get(name.toLowerCase()) ?? []);
			settings.needs = needs;
			if (needs.length < asked.length) notes.dropped(line, key, 'names a block that is not there');
		} else if (key === 'timeout' && /^\d+(ms|s|m|h)?$/.test(textOf(value) ?? '')) {
			settings.timeout =
				typeof value === 'number' || /^\d+$/.test(textOf(value)!) ? `${textOf(value)}s` : textOf(value);
		} else if (key === 'retry' && Number.isInteger(value)) {
			settings.retry = {max: value};
		} else if (key === 'continue-on-error' || key === 'continueOnError' || key === 'continue_on_error') {
			settings['continue-on-error'] = value === true;
		} else {
			notes.dropped(line, key, 'is not carried over', 'See docs/language.md for the settings of a step.');
		}
	}

	return settings;
};
