import type {Tokens} from '../../../../source/run/events.ts';
import {recordOf} from '../../acp/failures.ts';
import type {AgentEvent} from '../../adapter.ts';
import {countOf, isUsed, tokensSince} from '../../tokens.ts';
import {type JsonLine, recordsOf} from '../json-lines.ts';

/** Follows what `codex exec --json` prints. */
export interface CodexReader {
	take(message: JsonLine): void;
	/** Another turn begins, in another process. */
	begin(): void;
	/** `undefined`: it told of none yet. */
	sessionId(): string | undefined;
	/** How the turn ended; `undefined`: it did not say. */
	ended(): {readonly isOk: boolean; readonly error: string} | undefined;
	/** The last error it spoke of. */
	lastError(): string | undefined;
}

export interface CodexReaderParts {
	readonly push: (event: AgentEvent) => void;
	readonly model?: string;
	readonly provider?: string;
	/** What is recorded already of a session that is gone on with: its sums are those of the whole session. */
	readonly countedTokens?: Tokens;
}

export const createCodexReader = ({push, model, provider, countedTokens}: CodexReaderParts): CodexReader => {
	let counted = countedTokens;
	let sessionId: string | undefined;
	let ended: ReturnType<CodexReader['ended']>;
	let lastError: string | undefined;

	const onUsage = (usage: unknown) => {
		const sum = tokensOf(recordOf(usage) ?? {});
		const tokens = tokensSince(sum, counted);
		counted = sum;
		if (!isUsed(tokens)) return;
		push({
			t: 'usage',
			tokens,
			costMicroUsd: null,
			costSource: 'none',
			model,
			...(provider !== undefined && {provider}),
		});
	};

	const handlers: Readonly<Record<string, (message: JsonLine) => void>> = {
		'thread.started'({thread_id: id}) {
			if (sessionId !== undefined || typeof id !== 'string') return;
			sessionId = id;
			push({t: 'session', id, model, canResume: true});
		},
		'item.started': ({item}) => onItem(push, recordOf(item) ?? {}, false),
		'item.completed': ({item}) => onItem(push, recordOf(item) ?? {}, true),
		error({message}) {
			lastError = String(message);
			if (/^Reconnecting/.test(lastError)) push({t: 'retry', detail: lastError});
		},
		'turn.completed'({usage}) {
			onUsage(usage);
			ended = {isOk: true, error: ''};
		},
		'turn.failed'({error}) {
			ended = {isOk: false, error: String(recordOf(error)?.message ?? lastError ?? '')};
		},
	};

	return {
		take: message => handlers[String(message.type)]?.(message),
		begin() {
			ended = undefined;
			lastError = undefined;
		},
		sessionId: () => sessionId,
		ended: () => ended,
		lastError: () => lastError,
	};
};

const onItem = (push: (event: AgentEvent) => void, item: JsonLine, isDone: boolean) => {
	const text = typeof item.text === 'string' ? item.text : '';
	if (item.type === 'agent_message') {
		if (isDone) push({t: 'text', delta: text, messageId: String(item.id)});
	} else if (item.type === 'reasoning') {
		if (isDone) push({t: 'thought', delta: text});
	} else if (item.type === 'error') {
		push({t: 'warning', message: String(item.message)});
	} else if (typeof item.id === 'string' && typeof item.type === 'string' && tools[item.type]) {
		const {kind, titleOf} = tools[item.type]!;
		const paths = recordsOf(item.changes).flatMap(({path}) => (typeof path === 'string' ? [path] : []));
		push({t: 'tool', id: item.id, title: titleOf(item), kind, status: statusOf(item, isDone), paths});
	}
};

const tools: Readonly<Record<string, {readonly kind: string; readonly titleOf: (item: JsonLine) => string}>> = {
	command_execution: {kind: 'execute', titleOf: ({command}) => String(command)},
	file_change: {kind: 'edit', titleOf: () => 'edit'},
	mcp_tool_call: {kind: 'other', titleOf: ({server, tool}) => `${server}-${tool}`},
	web_search: {kind: 'fetch', titleOf: ({query}) => String(query)},
};

const statusOf = ({status, exit_code: exitCode}: JsonLine, isDone: boolean) => {
	if (!isDone) return 'in_progress';
	const hasFailed = status === 'failed' || status === 'declined' || (typeof exitCode === 'number' && exitCode !== 0);
	return hasFailed ? 'failed' : 'completed';
};

/** Its input has the cached tokens in it, its output the reasoning. */
const tokensOf = (usage: JsonLine): Tokens => {
	const cachedWrite = countOf(usage.cache_write_input_tokens);
	return {
		input: countOf(usage.input_tokens),
		cachedInput: countOf(usage.cached_input_tokens),
		...(cachedWrite > 0 && {cachedWrite}),
		output: countOf(usage.output_tokens),
		reasoning: countOf(usage.reasoning_output_tokens),
	};
};
