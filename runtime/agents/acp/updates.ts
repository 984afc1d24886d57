import type {AgentEvent} from '../adapter.ts';
import {codeOfKind, codeOfStatus, codeOfText, type FailureCode, recordOf} from './failures.ts';

/** What one `session/update` says; everything in it is checked, for it comes from a foreign program. */
export interface UpdateReading {
	readonly event?: AgentEvent;
	/** The agent marked its session or turn as failed, whatever its stop reason will be. */
	readonly mark?: FailureMark;
	/** A `usage_update`, for the meter. */
	readonly usage?: Readonly<Record<string, unknown>>;
}

export interface FailureMark {
	/** `undefined`: only that it failed. */
	readonly code?: FailureCode;
	readonly detail: string;
	/** False: a hint of the cause, which counts only where the session then fails. */
	readonly isFinal: boolean;
}

export const readUpdate = (params: unknown): UpdateReading => {
	const update = recordOf(recordOf(params)?.update);
	switch (update?.sessionUpdate) {
		case 'agent_message_chunk': {
			const delta = textOf(update.content);
			return delta === undefined ? {} : {event: {t: 'text', delta, messageId: stringOf(update.messageId)}};
		}

		case 'agent_thought_chunk': {
			const delta = textOf(update.content);
			return delta === undefined ? {} : {event: {t: 'thought', delta}};
		}

		case 'tool_call':
		case 'tool_call_update':
			return {event: toolEvent(update)};
		case 'usage_update':
			return {usage: update};
		case 'session_info_update':
			return readInfo(update);
		default:
			return {};
	}
};

const toolEvent = (update: Readonly<Record<string, unknown>>): AgentEvent | undefined => {
	const id = stringOf(update.toolCallId);
	if (id === undefined) return undefined;
	const status = statuses.find(known => known === update.status) ?? 'in_progress';
	const title = stringOf(update.title) ?? '';
	return {t: 'tool', id, title, kind: stringOf(update.kind) ?? '', status, paths: pathsOf(update)};
};

const statuses = ['pending', 'in_progress', 'completed', 'failed'] as const;

const pathsOf = ({locations}: Readonly<Record<string, unknown>>): string[] =>
	Array.isArray(locations) ? locations.flatMap(location => stringOf(recordOf(location)?.path) ?? []) : [];

/** `session_info_update`: JetBrains' sessionFailure (claude, codex) and Codex's own error and thread status. */
const readInfo = ({_meta}: Readonly<Record<string, unknown>>): UpdateReading => {
	const codex = recordOf(recordOf(_meta)?.codex);
	if (recordOf(codex?.threadStatus)?.type === 'systemError') return {mark: {detail: '', isFinal: true}};
	const error = recordOf(codex?.error);
	if (error) {
		const detail = stringOf(error.additionalDetails) ?? stringOf(error.message) ?? '';
		return {
			mark: {code: codeOfStatus(statusOf(error.codexErrorInfo)) ?? codeOfText(detail), detail, isFinal: false},
			event: error.willRetry === true ? {t: 'retry', detail} : undefined,
		};
	}

	const failure = sessionFailureOf(_meta);
	if (!failure) return {};
	if (failure.severity === 'error') return {mark: {...failure.mark, isFinal: true}};
	// A warning is a retry where it has a known cause, else news about the agent.
	return failure.mark.code
		? {mark: {...failure.mark, isFinal: false}, event: {t: 'retry', detail: failure.mark.detail}}
		: {event: {t: 'warning', message: failure.mark.detail}};
};

/** `{responseStreamDisconnected: {httpStatusCode: 429}}` and its kin. */
const statusOf = (info: unknown): unknown =>
	Object.values(recordOf(info) ?? {}).map(value => recordOf(value)?.httpStatusCode)[0];

/** Best effort: a vendor extension on updates and on the response of a turn. */
export const sessionFailureOf = (meta: unknown) => {
	const failure = recordOf(recordOf(recordOf(recordOf(meta)?.jetbrains)?.air)?.sessionFailure);
	if (!failure) return undefined;
	const detail = stringOf(failure.title) ?? '';
	// `connection` is a lost provider: its words tell an overloaded one (503) from an unreachable one.
	const code =
		codeOfKind(failure.category) ??
		(failure.category === 'connection' ? (codeOfText(detail) ?? 'agent.unreachable') : undefined);
	return {severity: failure.severity, mark: {code, detail}};
};

const textOf = (content: unknown): string | undefined => {
	const block = recordOf(content);
	return block?.type === 'text' ? stringOf(block.text) : undefined;
};

const stringOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
