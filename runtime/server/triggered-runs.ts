import {isRunEnded, type RunState} from '../../source/run/state.ts';
import type {RunsTable} from '../store/runs.ts';
import type {WorkflowRun} from '../triggers/files/run-windows.ts';
import type {RunStarter, Settled} from '../triggers/parts.ts';
import type {DaemonParts} from './daemon-parts.ts';
import {checkedInputs, startRun} from './start-run.ts';

/** Runs of triggers are runs like any other: read, checked and accepted in the same way. */
export const createRunStarter = (
	parts: () => Pick<DaemonParts, 'agents' | 'tools' | 'engine' | 'notificationSecrets'>,
): RunStarter => ({
	async start({id, file: source, workspace, inputs, environment, taint, origin, trigger}, alongside) {
		const {definition, file} = source;
		const given = definition ? checkedInputs(definition, inputs) : {};
		const request = {file, workspace, inputs: given, approveAll: false, taint, record: false, environment, origin};
		await startRun(parts(), request, {id, trigger, source, alongside});
	},
	cancel: (runId, origin, reason) => parts().engine.cancelRun(runId, origin, reason),
	endingOf(runId) {
		const run = parts().engine.find(runId);
		return run && endingOf(run);
	},
});

/** How a run ended, for whoever waits for it. */
export const endingOf = (run: RunState): Settled | 'open' => {
	if (!isRunEnded(run)) return 'open';
	const {id: runId, phase, outputs, failure} = run;
	if (phase === 'completed') return {status: 'completed', runId, outputs};
	return {status: phase === 'cancelled' ? 'cancelled' : 'failed', runId, failure};
};

/** How many of the runs of a workflow are asked what they were given, when its triggers are armed. */
const recentRunsMax = 100;

/** @returns The oldest first. */
export const recentRunsOf =
	(runs: Pick<RunsTable, 'list'>, find: DaemonParts['engine']['find']) =>
	(workspace: string, workflow: string): WorkflowRun[] =>
		runs
			.list({workspace, workflow, includesChildren: true, limit: recentRunsMax})
			.flatMap(({view}) => find(view.id) ?? [])
			.map(run => {
				const {id, startedAtMs, endedAtMs, trigger} = run;
				return {id, startedAtMs, endedAtMs: isRunEnded(run) ? endedAtMs : undefined, data: trigger?.data};
			})
			.reverse();
