import type {TriggerView} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';
import {triggerWordsOf} from '../../source/workflow/trigger-words.ts';
import type {FiringsTable} from '../store/firings.ts';
import type {Armed} from './arming.ts';
import type {Desk} from './desk.ts';

/** @returns A trigger as clients see it, with the last of what it fired. */
export const triggerViewOf = (
	{key, workspace, file, workflow, trigger}: Armed,
	{desk, firings}: {readonly desk: Pick<Desk, 'pendingOf' | 'openRunsOf'>; readonly firings: FiringsTable},
): TriggerView => ({
	...{key, workspace, file, workflow, id: trigger.id, kind: trigger.kind},
	settings: triggerWordsOf(trigger),
	if: trigger.if ?? null,
	pending: desk.pendingOf(key),
	openRuns: desk.openRunsOf(key),
	firings: firings
		.latestOf(key, limits.firingsShownMax)
		.map(({id, atMs, status, runId, detail = null, taint = null}) => ({
			...{id, at: new Date(atMs).toISOString(), status, runId, detail, taint},
		})),
});
