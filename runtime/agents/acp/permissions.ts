import path from 'node:path';
import type {PermissionOption, RequestPermissionRequest, ToolCallUpdate} from '@agentclientprotocol/sdk';
import type {AgentAction} from '../../../source/workflow/permissions.ts';
import type {AgentEvent, ApprovalOption} from '../adapter.ts';
import {recordOf} from './failures.ts';

type Approval = Extract<AgentEvent, {t: 'approval'}>;

/** @returns What a person has to know to decide. */
export const approvalOf = (
	{toolCall, options}: RequestPermissionRequest,
	titleIsCommand = false,
): Omit<Approval, 't' | 'id' | 'reply'> => ({
	title: toolCall.title?.trim() || 'Use a tool',
	kind: toolCall.kind ?? 'other',
	preview: previewOf(toolCall),
	action: actionOf(toolCall, titleIsCommand),
	options: optionsOf(options),
});

const actionKinds: Readonly<Record<string, AgentAction['kind']>> = {
	read: 'read',
	search: 'read',
	think: 'read',
	edit: 'write',
	delete: 'write',
	move: 'write',
	execute: 'run',
	fetch: 'network',
};

/** What a permission is about, for `permissions:`. What the agent leaves unsaid matches no rule. */
export const actionOf = (toolCall: ToolCallUpdate, titleIsCommand = false): AgentAction => {
	const kind = actionKinds[toolCall.kind ?? ''] ?? 'tool';
	const raw = recordOf(toolCall.rawInput);
	const paths = pathsOf(toolCall, raw);
	const title = titleIsCommand && kind === 'run' ? toolCall.title?.trim() : undefined;
	return {
		kind,
		paths: paths.length > 0 ? paths : undefined,
		command: kind === 'run' || kind === 'tool' ? (commandOf(raw?.command) ?? title) : undefined,
		host: hostOf(raw?.url),
		tool: kind === 'tool' ? nameOf(toolCall) : undefined,
	};
};

const pathsOf = ({content, locations}: ToolCallUpdate, raw: Readonly<Record<string, unknown>> | undefined) => {
	const named = [
		...(content ?? []).flatMap(part => (part.type === 'diff' ? [part.path] : [])),
		...(locations ?? []).map(location => location.path),
		...['file_path', 'filePath', 'filepath', 'fileName', 'notebook_path'].map(key => raw?.[key]),
	];
	const absolute = named.filter((file): file is string => typeof file === 'string' && path.isAbsolute(file));
	return [...new Set(absolute)];
};

/** `["bash", "-lc", "npm test"]` is `npm test`, as agents that tell a line tell it. */
const commandOf = (command: unknown): string | undefined => {
	if (typeof command === 'string') return command;
	if (!Array.isArray(command)) return undefined;
	const isShell = command.length === 3 && /(?:^|\/)(?:ba|z|da)?sh$/.test(command[0]) && /^-l?c$/.test(command[1]);
	return isShell ? String(command[2]) : command.join(' ');
};

/** Claude and others tell the name apart from the title, which is for people. */
const nameOf = (toolCall: ToolCallUpdate): string | undefined => {
	const {name} = toolCall as {readonly name?: unknown};
	return typeof name === 'string' ? name : toolCall.title?.trim();
};

const hostOf = (url: unknown): string | undefined =>
	typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : undefined;

/** The narrowest first: agents differ in order, and Gemini names "for this session" before "once". */
export const optionsOf = (options: readonly PermissionOption[]): ApprovalOption[] =>
	[...options]
		.sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))
		.map(({optionId, name, kind}) => ({id: optionId, label: name, isAllow: kind.startsWith('allow')}));

const kindOrder = ['allow_once', 'allow_always', 'reject_once', 'reject_always'];

/** Characters of a command or diff that are shown. */
const previewCharactersMax = 16 * 1024;

const previewOf = ({content, rawInput}: ToolCallUpdate): string | undefined => {
	const {command, diff} = recordOf(rawInput) ?? {};
	const parts = (content ?? []).flatMap(part => {
		if (part.type === 'diff') return diffOf(part.path, part.oldText ?? '', part.newText);
		if (part.type === 'content' && part.content.type === 'text') return part.content.text;
		return [];
	});
	if (Array.isArray(command)) parts.unshift(`$ ${command.join(' ')}`);
	else if (typeof command === 'string') parts.unshift(`$ ${command}`);
	// Copilot tells it nowhere else.
	if (parts.length === 0 && typeof diff === 'string') parts.push(diff.trim());
	const preview = parts.join('\n');
	if (preview === '') return undefined;
	return preview.length > previewCharactersMax ? `${preview.slice(0, previewCharactersMax)}\n…` : preview;
};

/** @returns A small unified diff: what differs between the common beginning and the common end, as one hunk. */
export const diffOf = (file: string, oldText: string, newText: string): string => {
	const before = linesOf(oldText);
	const after = linesOf(newText);
	let start = 0;
	while (start < before.length && start < after.length && before[start] === after[start]) start++;
	let end = 0;
	while (
		end < before.length - start &&
		end < after.length - start &&
		before[before.length - 1 - end] === after[after.length - 1 - end]
	)
		end++;
	const removed = before.slice(start, before.length - end);
	const added = after.slice(start, after.length - end);
	return [
		`--- ${oldText === '' ? '/dev/null' : file}`,
		`+++ ${file}`,
		`@@ -${range(start, removed)} +${range(start, added)} @@`,
		...removed.map(line => `-${line}`),
		...added.map(line => `+${line}`),
	].join('\n');
};

/** A range without lines is named by the line before it. */
const range = (start: number, lines: readonly string[]) => `${lines.length === 0 ? start : start + 1},${lines.length}`;

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
