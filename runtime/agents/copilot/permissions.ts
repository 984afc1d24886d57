import type {PermissionOption, ToolCallUpdate} from '@agentclientprotocol/sdk';
import {recordOf} from '../acp/failures.ts';

type Facts = Readonly<Record<string, unknown>>;

const kinds: Readonly<Record<string, NonNullable<ToolCallUpdate['kind']>>> = {
	shell: 'execute',
	write: 'edit',
	read: 'read',
	url: 'fetch',
};

/** @param request What `onPermissionRequest` is given. @returns The same as a permission request over ACP would say it. */
export const toolCallOf = (request: Facts): ToolCallUpdate => {
	const {intention, fullCommandText, fileName, diff, path, url, toolName, serverName, args} = request;
	const kind = String(request.kind);
	const name = [serverName, toolName].filter(part => typeof part === 'string').join('-') || kind;
	const titles: Readonly<Record<string, unknown>> = {
		shell: fullCommandText,
		write: `${intention ?? 'Write'} ${fileName}`,
		read: `Read ${path}`,
		url: `Fetch ${url}`,
	};
	const raws: Readonly<Record<string, Facts>> = {
		shell: {command: fullCommandText},
		write: {fileName, diff},
		read: {file_path: path},
		url: {url},
	};
	return {
		toolCallId: String(request.toolCallId ?? ''),
		title: String(titles[kind] ?? name),
		name,
		kind: kinds[kind] ?? 'other',
		rawInput: raws[kind] ?? recordOf(args) ?? {},
	} as ToolCallUpdate;
};

const allowOnce = 'allow_once';
const allowAlways = 'allow_always';

export const optionsOfRequest = (request: Facts): PermissionOption[] => [
	{optionId: allowOnce, name: 'Allow once', kind: 'allow_once'},
	...(lastingOf(request)
		? [
				{
					optionId: allowAlways,
					name: `Always allow ${meaningOf(request)} in this session`,
					kind: 'allow_always' as const,
				},
			]
		: []),
	{optionId: 'reject', name: 'Reject', kind: 'reject_once'},
];

/** @param optionId `undefined`: nobody decided, or the attempt ends. */
export const decisionOf = (request: Facts, optionId: string | undefined): Facts => {
	if (optionId === allowOnce) return {kind: 'approve-once'};
	if (optionId === allowAlways) return {kind: 'approve-for-session', approval: lastingOf(request)};
	// Without a word Copilot ends its turn over it.
	return optionId === undefined ? {kind: 'user-not-available'} : {kind: 'reject', feedback: 'It was rejected.'};
};

const lastingOf = (request: Facts): Facts | undefined => {
	if (request.canOfferSessionApproval !== true) return undefined;
	if (request.kind === 'write') return {kind: 'write'};
	const identifiers = identifiersOf(request);
	return request.kind === 'shell' && identifiers.length > 0
		? {kind: 'commands', commandIdentifiers: identifiers}
		: undefined;
};

const meaningOf = (request: Facts) =>
	request.kind === 'write'
		? 'edits'
		: identifiersOf(request)
				.map(each => `\`${each}\``)
				.join(', ');

const identifiersOf = ({commands}: Facts): string[] =>
	Array.isArray(commands)
		? commands.map(each => recordOf(each)?.identifier).filter((each): each is string => typeof each === 'string')
		: [];
