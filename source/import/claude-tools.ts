import type {PermissionRules} from '../workflow/permissions.ts';
import {listOf} from './front-matter.ts';
import type {Notes} from './notes.ts';

type Rules = {-readonly [K in keyof PermissionRules]: PermissionRules[K]};

const writing: ReadonlySet<string> = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);
const reading: ReadonlySet<string> = new Set(['Read', 'Grep', 'Glob', 'LS', 'NotebookRead', 'TodoWrite', 'TodoRead']);
const fetching: ReadonlySet<string> = new Set(['WebFetch', 'WebSearch']);

interface Tool {
	readonly name: string;
	/** What stands in the brackets. */
	readonly scope?: string;
}

const toolsOf = (value: unknown): readonly Tool[] =>
	listOf(value).map(word => {
		const match = /^([\w-]+)\(([\s\S]*)\)$/.exec(word);
		return match ? {name: match[1]!, scope: match[2]!.trim()} : {name: word};
	});

/** `allowed-tools`, what needs no asking, as `permissions:`. What would allow everything is not taken over. */
export const allowedToolsOf = (value: unknown, line: number, notes: Notes): PermissionRules => {
	const rules: Rules = {};
	for (const {name, scope} of toolsOf(value)) {
		const word = scope === undefined ? name : `${name}(${scope})`;
		if (reading.has(name)) notes.carried(line, word, 'agents may always read');
		else if (writing.has(name)) {
			const pattern = scope?.replace(/^\.?\//, '') || '**';
			rules.write = [...new Set([...(rules.write ?? []), pattern])];
			notes.carried(line, word, `permissions: write: ${pattern}`);
		} else if (name === 'Bash' && scope !== undefined && scope !== '*') {
			const pattern = scope.replace(/[:\s]\*$/, ' *');
			rules.run = [...new Set([...(rules.run ?? []), pattern])];
			notes.carried(line, word, `permissions: run: ${pattern}`);
		} else if (name === 'WebFetch' && scope?.startsWith('domain:')) {
			rules.network = [...(rules.network ?? []), scope.slice('domain:'.length)];
			notes.carried(line, word, `permissions: network: ${scope.slice('domain:'.length)}`);
		} else if (/^mcp__\w+$/.test(name)) {
			rules.tools = [...(rules.tools ?? []), name];
			notes.changed(
				line,
				word,
				`permissions: tools: ${name}; the server itself is not part of the file`,
				'Set the MCP server up where the agent finds it.',
			);
		} else {
			notes.dropped(
				line,
				word,
				'would allow everything of its kind, or is not known here; the agent asks instead',
				'Allow what you want to under `permissions:`.',
			);
		}
	}

	return rules;
};

/** `tools` of an agent, all that it has: what is missing there is refused. */
export const onlyToolsOf = (value: unknown, line: number, notes: Notes): PermissionRules => {
	const tools = toolsOf(value);
	if (tools.length === 0 || tools.some(({name}) => name === '*')) return {};
	const rules: Rules = {};
	const has = (names: ReadonlySet<string>) => tools.some(({name}) => names.has(name));
	if (!has(writing)) rules.write = ['!**'];
	if (!tools.some(({name}) => name === 'Bash')) rules.run = ['!*'];
	if (!has(fetching)) rules.network = ['!*'];
	const refused = Object.keys(rules);
	notes.carried(
		line,
		'tools',
		refused.length === 0
			? 'nothing is refused: it may do all of it, after asking'
			: `permissions: refuses ${refused.join(', ')}`,
	);
	const others = tools.filter(({name}) => name.startsWith('mcp__') || name === 'Task' || name === 'Agent');
	for (const {name} of others)
		notes.dropped(
			line,
			name,
			'is not part of the file',
			'Set it up where the agent finds it, and name it under `permissions: tools:`.',
		);
	return rules;
};

/** `disallowed-tools`: refusals. */
export const refusedToolsOf = (value: unknown, line: number, notes: Notes): PermissionRules => {
	const rules: Rules = {};
	for (const {name, scope} of toolsOf(value)) {
		const key = writing.has(name) ? 'write' : name === 'Bash' ? 'run' : fetching.has(name) ? 'network' : 'tools';
		const all = key === 'write' ? '**' : key === 'tools' ? name : '*';
		const pattern = `!${scope?.replace(/[:\s]\*$/, ' *').replace(/^domain:/, '') ?? all}`;
		rules[key] = [...(rules[key] ?? []), pattern];
		notes.carried(line, name, `permissions: ${key}: "${pattern}"`);
	}

	return rules;
};

export const joinedRules = (...all: readonly PermissionRules[]): PermissionRules => {
	const rules: Rules = {};
	for (const each of all) {
		for (const key of ['write', 'run', 'network', 'tools'] as const)
			if (each[key]) rules[key] = [...new Set([...(rules[key] ?? []), ...each[key]])];
	}

	return rules;
};
