import type {PermissionOption, RequestPermissionRequest, ToolCallUpdate} from '@agentclientprotocol/sdk';
import type {AgentEvent, ApprovalOption} from '../adapter.ts';
import {recordOf} from './failures.ts';

type Approval = Extract<AgentEvent, {t: 'approval'}>;

/** @returns What a person has to know to decide. */
export const approvalOf = ({toolCall, options}: RequestPermissionRequest): Omit<Approval, 't' | 'id' | 'reply'> => ({
	title: toolCall.title?.trim() || 'Use a tool',
	kind: toolCall.kind ?? 'other',
	preview: previewOf(toolCall),
	options: optionsOf(options),
});

/** The narrowest first: agents differ in order, and Gemini names "for this session" before "once". */
export const optionsOf = (options: readonly PermissionOption[]): ApprovalOption[] =>
	[...options]
		.sort((a, b) => kindOrder.indexOf(a.kind) - kindOrder.indexOf(b.kind))
		.map(({optionId, name, kind}) => ({id: optionId, label: name, isAllow: kind.startsWith('allow')}));

const kindOrder = ['allow_once', 'allow_always', 'reject_once', 'reject_always'];

/** Characters of a command or diff that are shown. */
const previewCharactersMax = 16 * 1024;

const previewOf = ({content, rawInput}: ToolCallUpdate): string | undefined => {
	const command = recordOf(rawInput)?.command;
	const parts = (content ?? []).flatMap(part => {
		if (part.type === 'diff') return diffOf(part.path, part.oldText ?? '', part.newText);
		if (part.type === 'content' && part.content.type === 'text') return part.content.text;
		return [];
	});
	if (Array.isArray(command)) parts.unshift(`$ ${command.join(' ')}`);
	else if (typeof command === 'string') parts.unshift(`$ ${command}`);
	const preview = parts.join('\n');
	if (preview === '') return undefined;
	return preview.length > previewCharactersMax ? `${preview.slice(0, previewCharactersMax)}\n…` : preview;
};

/** @returns A small unified diff: what differs between the common beginning and the common end, as one hunk. */
export const diffOf = (path: string, oldText: string, newText: string): string => {
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
		`--- ${oldText === '' ? '/dev/null' : path}`,
		`+++ ${path}`,
		`@@ -${range(start, removed)} +${range(start, added)} @@`,
		...removed.map(line => `-${line}`),
		...added.map(line => `+${line}`),
	].join('\n');
};

/** A range without lines is named by the line before it. */
const range = (start: number, lines: readonly string[]) => `${lines.length === 0 ? start : start + 1},${lines.length}`;

const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'));
