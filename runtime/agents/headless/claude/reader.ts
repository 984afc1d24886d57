import {recordOf} from '../../acp/failures.ts';
import type {AgentEvent} from '../../adapter.ts';
import {type JsonLine, recordsOf} from '../json-lines.ts';
import type {ClaudeTurn} from './outcome.ts';
import {kindOfTool, pathsOfTool} from './permissions.ts';
import type {ClaudeMeter} from './usage.ts';

/** Follows what Claude Code says: hands on what happens and keeps what decides how each turn ended. */
export interface ClaudeReader {
	take(message: JsonLine): void;
	/** Another turn begins. */
	begin(): void;
	turn(): ClaudeTurn;
	/** Whether it told of a session. */
	isOpen(): boolean;
}

export interface ClaudeReaderParts {
	readonly push: (event: AgentEvent) => void;
	readonly meter: ClaudeMeter;
	/** The one that was asked for. */
	readonly model?: string;
	/** Its session is open; called for each turn. */
	readonly onOpen: () => void;
	/** A turn ended; its usage is handed on by then. */
	readonly onResult: (result: JsonLine) => void;
}

export const createClaudeReader = ({push, meter, model, onOpen, onResult}: ClaudeReaderParts): ClaudeReader => {
	let turn: {-readonly [K in keyof ClaudeTurn]: ClaudeTurn[K]} = {};
	let isOpen = false;
	let messages = 0;
	let isStreamed = false;
	const tools = new Map<string, Pick<Extract<AgentEvent, {t: 'tool'}>, 'title' | 'kind' | 'paths'>>();

	const open = (message: JsonLine) => {
		onOpen();
		if (isOpen || typeof message.session_id !== 'string') return;
		isOpen = true;
		push({t: 'session', id: message.session_id, model: model ?? textOf(message.model), canResume: true});
	};

	const onSystem = (message: JsonLine) => {
		if (message.subtype === 'init') open(message);
		if (message.subtype !== 'api_retry') return;
		turn.lastError = {status: message.error_status, kind: message.error};
		const status = typeof message.error_status === 'number' ? ` (${message.error_status})` : '';
		push({t: 'retry', detail: `${message.error}${status}, try ${message.attempt} of ${message.max_retries}`});
	};

	const onStream = (message: JsonLine) => {
		const event = recordOf(message.event) ?? {};
		meter.onStreamEvent(event);
		// What an agent of its own says is no part of the answer.
		if (isOfSubagent(message)) return;
		if (event.type === 'message_start') messages++;
		const delta = recordOf(event.delta);
		if (delta?.type === 'thinking_delta') push({t: 'thought', delta: String(delta.thinking)});
		if (delta?.type !== 'text_delta') return;
		isStreamed = true;
		push({t: 'text', delta: String(delta.text), messageId: `m${messages}`});
	};

	const onAssistant = (message: JsonLine) => {
		if (message.is_api_error_message === true) {
			turn.lastError = {status: message.api_error_status, kind: message.error};
			return;
		}

		for (const block of blocksOf(message)) {
			if (block.type === 'tool_use') beginTool(block);
			if (block.type !== 'text' || isOfSubagent(message)) continue;
			// Without partial messages it comes at once.
			if (!isStreamed) push({t: 'text', delta: String(block.text), messageId: `m${++messages}`});
			isStreamed = false;
		}
	};

	const beginTool = ({id, name, input}: JsonLine) => {
		if (typeof id !== 'string') return;
		const tool = {title: String(name), kind: kindOfTool(String(name)), paths: pathsOfTool(input)};
		tools.set(id, tool);
		if (tools.size > toolsMax) tools.delete(tools.keys().next().value!);
		push({t: 'tool', id, ...tool, status: 'in_progress'});
	};

	const onUser = (message: JsonLine) => {
		for (const block of blocksOf(message)) {
			const id = block.tool_use_id;
			if (block.type !== 'tool_result' || typeof id !== 'string') continue;
			const tool = tools.get(id) ?? {title: '', kind: '', paths: []};
			tools.delete(id);
			push({t: 'tool', id, ...tool, status: block.is_error === true ? 'failed' : 'completed'});
		}
	};

	const handlers: Readonly<Record<string, (message: JsonLine) => void>> = {
		system: onSystem,
		stream_event: onStream,
		assistant: onAssistant,
		user: onUser,
		rate_limit_event(message) {
			const limit = recordOf(message.rate_limit_info);
			if (limit && limit.status !== 'allowed') turn.limit = limit;
		},
		result(message) {
			for (const event of meter.onResult(message)) push(event);
			onResult(message);
		},
	};

	return {
		take: message => handlers[String(message.type)]?.(message),
		begin() {
			turn = {};
		},
		turn: () => turn,
		isOpen: () => isOpen,
	};
};

/** Tool calls that are remembered, the newest. */
const toolsMax = 200;

const blocksOf = (message: JsonLine) => recordsOf(recordOf(message.message)?.content);

const isOfSubagent = ({parent_tool_use_id: parent}: JsonLine) => typeof parent === 'string';

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
