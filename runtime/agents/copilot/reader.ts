import path from 'node:path';
import {recordOf} from '../acp/failures.ts';
import type {AgentEvent} from '../adapter.ts';
import type {CopilotError} from './outcome.ts';

type Event = Readonly<Record<string, unknown>>;
type Tool = Pick<Extract<AgentEvent, {t: 'tool'}>, 'title' | 'kind' | 'paths'>;

/** Follows the events of a Copilot session, which are the same over its SDK and on standard output. */
export interface CopilotReader {
	take(event: Event): void;
	/** Another turn begins. */
	begin(): void;
	/** What speaks against the turn: the last error, unless it went on after it. */
	error(): CopilotError | undefined;
}

export const createCopilotReader = (push: (event: AgentEvent) => void): CopilotReader => {
	let error: CopilotError | undefined;
	let cutOff: CopilotError | undefined;
	let lastStatus: unknown;
	let streamedId: unknown;
	const tools = new Map<string, Tool>();

	const onMessage = (data: Event) => {
		// It went on: what failed before was got over.
		error = undefined;
		const {messageId, content} = data;
		if (messageId !== streamedId && typeof content === 'string' && content !== '')
			push({t: 'text', delta: content, messageId: String(messageId)});
	};

	const beginTool = ({toolCallId: id, toolName, arguments: given}: Event) => {
		if (typeof id !== 'string') return;
		const tool = {title: String(toolName), kind: kindOfTool(String(toolName)), paths: pathsOf(given)};
		tools.set(id, tool);
		if (tools.size > toolsMax) tools.delete(tools.keys().next().value!);
		push({t: 'tool', id, ...tool, status: 'in_progress'});
	};

	const endTool = ({toolCallId: id, success}: Event) => {
		if (typeof id !== 'string') return;
		const tool = tools.get(id) ?? {title: '', kind: '', paths: []};
		tools.delete(id);
		push({t: 'tool', id, ...tool, status: success === true ? 'completed' : 'failed'});
	};

	const handlers: Readonly<Record<string, (data: Event) => void>> = {
		'assistant.message_delta'({messageId, deltaContent}) {
			streamedId = messageId;
			push({t: 'text', delta: String(deltaContent), messageId: String(messageId)});
		},
		'assistant.reasoning_delta': ({deltaContent}) => push({t: 'thought', delta: String(deltaContent)}),
		'assistant.message': onMessage,
		'tool.execution_start': beginTool,
		'tool.execution_complete': endTool,
		'model.call_failure'({statusCode}) {
			lastStatus = statusCode;
		},
		'assistant.turn_retry': ({reason}) =>
			push({t: 'retry', detail: [reason, lastStatus === undefined ? '' : `(${lastStatus})`].join(' ').trim()}),
		'session.error'({errorType, errorCode, message, statusCode}) {
			error = {type: String(errorType), code: errorCode, status: statusCode ?? lastStatus, detail: String(message)};
		},
		'assistant.usage': data => {
			// Of the last model call.
			cutOff = cutOffOf(data);
		},
		'session.warning': ({message}) => push({t: 'warning', message: String(message)}),
		abort() {
			error = {type: 'aborted', detail: 'its turn was interrupted.'};
		},
	};

	return {
		take(event) {
			const data = recordOf(event.data) ?? {};
			// What an agent of its own says is no part of the answer.
			const isOfSubagent = typeof event.agentId === 'string' || typeof data.parentToolCallId === 'string';
			if (isOfSubagent && /^assistant\.(?:message|reasoning)/.test(String(event.type))) return;
			handlers[String(event.type)]?.(data);
		},
		begin() {
			error = undefined;
			cutOff = undefined;
			lastStatus = undefined;
		},
		error: () => error ?? cutOff,
	};
};

const cutOffOf = ({contentFilterTriggered, finishReason}: Event): CopilotError | undefined => {
	if (contentFilterTriggered === true) return {type: 'content_filter', detail: 'its answer was filtered.'};
	return finishReason === 'length'
		? {type: 'length', detail: 'it reached the largest number of tokens of its model.'}
		: undefined;
};

/** Tool calls that are remembered, the newest. */
const toolsMax = 200;

const kinds: Readonly<Record<string, string>> = {
	bash: 'execute',
	powershell: 'execute',
	create: 'edit',
	edit: 'edit',
	str_replace_editor: 'edit',
	apply_patch: 'edit',
	view: 'read',
	grep: 'search',
	glob: 'search',
	web_fetch: 'fetch',
	web_search: 'fetch',
};

const kindOfTool = (name: string): string => kinds[name] ?? 'other';

const pathsOf = (given: unknown): string[] => {
	const file = recordOf(given)?.path;
	return typeof file === 'string' && path.isAbsolute(file) ? [file] : [];
};
