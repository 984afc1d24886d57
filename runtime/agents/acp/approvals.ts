import type {RequestPermissionRequest, RequestPermissionResponse} from '@agentclientprotocol/sdk';
import type {AgentEvent} from '../adapter.ts';
import {approvalOf} from './permissions.ts';

/** The permission requests of one session that wait for somebody. */
export interface OpenApprovals {
	/** Answers `session/request_permission`. @param signal Aborted where the agent takes its question back or is gone. */
	ask(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse>;
	/** Answers all of them with `cancelled`: Gemini does not end its turn before. */
	cancelAll(): void;
}

export const createOpenApprovals = (
	push: (event: AgentEvent) => void,
	onAnswer: (isAllowed: boolean) => void,
): OpenApprovals => {
	const open = new Map<string, (optionId: string | null | undefined) => void>();
	let count = 0;
	return {
		ask(request, signal) {
			const id = `p${++count}`;
			const approval = approvalOf(request);
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
