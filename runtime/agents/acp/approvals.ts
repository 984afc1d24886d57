import type {RequestPermissionRequest, RequestPermissionResponse, ToolCallUpdate} from '@agentclientprotocol/sdk';
import type {AgentEvent, ApprovalOption} from '../adapter.ts';
import {approvalOf} from './permissions.ts';

type Approval = Extract<AgentEvent, {t: 'approval'}>;

/** The permission requests of one session that wait for somebody. */
export interface OpenApprovals {
	/** Answers `session/request_permission`. @param signal Aborted where the agent takes its question back or is gone. */
	ask(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse>;
	/** Answers all of them with `cancelled`: Gemini does not end its turn before. */
	cancelAll(): void;
}

export const createOpenApprovals = (
	push: (event: AgentEvent) => void,
	{
		onAnswer,
		isReadOnly,
		complete,
		titleIsCommand,
		isGivenTool = () => false,
	}: {
		readonly onAnswer: (isAllowed: boolean) => void;
		readonly isReadOnly: boolean;
		/** Fills in what was said of the tool call before. */
		readonly complete: (toolCall: ToolCallUpdate) => ToolCallUpdate;
		readonly titleIsCommand?: boolean;
		/** Whether it is about the call of a tool that we gave: its bridge asks by itself, for agents that do not. */
		readonly isGivenTool?: (asked: Pick<Approval, 'title' | 'action'>) => boolean;
	},
): OpenApprovals => {
	const open = new Map<string, (optionId: string | null | undefined) => void>();
	let count = 0;
	return {
		ask(request, signal) {
			const id = `p${++count}`;
			const approval = approvalOf({...request, toolCall: complete(request.toolCall)}, titleIsCommand);
			const once = isGivenTool(approval) && approval.options.find(({isAllow}) => isAllow);
			if (once) {
				onAnswer(true);
				return Promise.resolve({outcome: {outcome: 'selected', optionId: once.id}});
			}

			if (isReadOnly && approval.action.kind !== 'read') {
				// A read-only mode of an agent may still ask, also for leave to end the mode itself.
				push({t: 'warning', message: `This run may only read, so the agent was refused: ${approval.title}`});
				onAnswer(false);
				return Promise.resolve(refusalOf(approval.options));
			}

			return new Promise(resolve => {
				/** @param optionId `null`: answered with "cancelled"; `undefined`: nobody answered. */
				const settle = (optionId: string | null | undefined) => {
					if (!open.delete(id)) return;
					const option = approval.options.find(known => known.id === optionId);
					if (optionId === undefined) push({t: 'approval-closed', id});
					else onAnswer(option?.isAllow ?? false);
					resolve({outcome: option ? {outcome: 'selected', optionId: option.id} : {outcome: 'cancelled'}});
				};

				open.set(id, settle);
				signal.addEventListener('abort', () => settle(undefined), {once: true});
				push({t: 'approval', id, ...approval, reply: optionId => settle(optionId)});
			});
		},
		cancelAll() {
			for (const settle of [...open.values()]) settle(undefined);
		},
	};
};

const refusalOf = (options: readonly ApprovalOption[]): RequestPermissionResponse => {
	const refusal = options.find(({isAllow}) => !isAllow);
	return {outcome: refusal ? {outcome: 'selected', optionId: refusal.id} : {outcome: 'cancelled'}};
};
