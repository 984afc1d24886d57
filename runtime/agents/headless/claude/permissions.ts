import {readFileSync, statSync} from 'node:fs';
import type {PermissionOption, ToolCallContent, ToolCallUpdate} from '@agentclientprotocol/sdk';
import {recordOf} from '../../acp/failures.ts';
import {type JsonLine, recordsOf} from '../json-lines.ts';

/** What Claude Code's tools do, in the words of the protocol. */
const kinds: Readonly<Record<string, NonNullable<ToolCallUpdate['kind']>>> = {
	Read: 'read',
	NotebookRead: 'read',
	LS: 'read',
	Glob: 'search',
	Grep: 'search',
	Write: 'edit',
	Edit: 'edit',
	MultiEdit: 'edit',
	NotebookEdit: 'edit',
	Bash: 'execute',
	WebFetch: 'fetch',
	WebSearch: 'fetch',
};

export const kindOfTool = (name: string) => kinds[name] ?? 'other';

/** The paths that a tool call names. */
export const pathsOfTool = (input: unknown): string[] =>
	['file_path', 'notebook_path'].flatMap(key => {
		const file = recordOf(input)?.[key];
		return typeof file === 'string' ? [file] : [];
	});

/** @param request A `can_use_tool`. @returns The same as a permission request over ACP would say it. */
export const toolCallOf = (request: JsonLine): ToolCallUpdate => {
	const name = String(request.tool_name);
	const input = recordOf(request.input) ?? {};
	const kind = kindOfTool(name);
	const title = kind === 'execute' ? input.command : [request.display_name ?? name, request.description].join(' ');
	return {
		toolCallId: String(request.tool_use_id ?? ''),
		title: String(title).trim(),
		name,
		kind,
		rawInput: input,
		content: contentOf(name, input),
	} as ToolCallUpdate;
};

const contentOf = (name: string, input: JsonLine): ToolCallContent[] => {
	const [file] = pathsOfTool(input);
	if (file === undefined) return [];
	if (name === 'Write') return [diff(file, contentsOf(file), input.content)];
	if (name === 'Edit') return [diff(file, input.old_string, input.new_string)];
	return recordsOf(input.edits).map(edit => diff(file, edit.old_string, edit.new_string));
};

const diff = (file: string, before: unknown, after: unknown): ToolCallContent => ({
	type: 'diff',
	path: file,
	oldText: typeof before === 'string' ? before : null,
	newText: typeof after === 'string' ? after : '',
});

/** Of what is written over; a larger file is shown as if it were new. */
const shownBytesMax = 1024 * 1024;

const contentsOf = (file: string): string | undefined => {
	try {
		return statSync(file).size <= shownBytesMax ? readFileSync(file, 'utf8') : undefined;
	} catch {
		return undefined;
	}
};

export const allowOnce = 'allow-once';
export const allowAlways = 'allow-always';

/** @returns What a person may answer. Always only where Claude said what that would mean. */
export const optionsOfRequest = (request: JsonLine): PermissionOption[] => [
	{optionId: allowOnce, name: 'Allow once', kind: 'allow_once'},
	...(lastingOf(request).length > 0
		? [{optionId: allowAlways, name: `Always allow ${meaningOf(request)}`, kind: 'allow_always' as const}]
		: []),
	{optionId: 'reject', name: 'Reject', kind: 'reject_once'},
];

/** @param optionId `undefined`: nobody decided, or the attempt ends. @returns The `response` of a `control_response`. */
export const answerOf = (request: JsonLine, optionId: string | undefined): JsonLine => {
	if (optionId === allowOnce) return {behavior: 'allow', updatedInput: request.input};
	if (optionId === allowAlways)
		return {behavior: 'allow', updatedInput: request.input, updatedPermissions: lastingOf(request)};
	return {behavior: 'deny', message: optionId === undefined ? 'The request was cancelled.' : 'It was rejected.'};
};

/** What it suggests, for this session only: nothing of it is written into settings. Rules come before a mode. */
const lastingOf = ({permission_suggestions: suggested}: JsonLine): JsonLine[] => {
	const suggestions = recordsOf(suggested);
	const rules = suggestions.filter(({type}) => type === 'addRules' || type === 'addDirectories');
	const chosen = rules.some(({type}) => type === 'addRules') ? rules : suggestions;
	return chosen.map(each => ({...each, destination: 'session'}));
};

const meaningOf = (request: JsonLine): string => {
	const lasting = lastingOf(request);
	const named = lasting
		.flatMap(({rules}) => recordsOf(rules))
		.map(({toolName, ruleContent}) => (ruleContent === undefined ? String(toolName) : `${toolName}(${ruleContent})`));
	if (named.length > 0) return `${named.join(', ')} in this session`;
	const mode = lasting.find(({type}) => type === 'setMode')?.mode;
	return mode === 'acceptEdits' ? 'edits in this session' : 'this in this session';
};
