import type {z} from 'zod';
import {statusResponse} from '../../../source/api/contract.ts';
import {periodStartMs} from '../../../source/workflow/budget.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

/** What a prompt or a status line shows, in one answer that costs four counts. */
export const registerStatus = (server: Server, {runs, approvals, costs, clock}: DaemonParts): void => {
	server.get(
		'/status',
		{
			schema: {
				tags: ['daemon'],
				summary: 'What runs, what waits for a person, what failed and what was spent today',
				response: {200: statusResponse},
			},
		},
		async (): Promise<z.output<typeof statusResponse>> => {
			const nowMs = clock.now();
			const {queued = 0, running = 0, waiting = 0, paused = 0} = runs.openCounts();
			const {total} = costs.summary({by: 'day', sinceMs: periodStartMs('day', nowMs)});
			return {
				runsQueued: queued,
				runsRunning: running,
				runsWaiting: waiting,
				runsPaused: paused,
				runsFailed: runs.countFailedSince(nowMs - recentMs),
				approvalsOpen: approvals.countOpen(),
				spentUsd: total.costUsd,
				spentKnownUsd: total.knownCostUsd,
			};
		},
	);
};

const recentMs = 24 * 3_600_000;
