import type {Client} from '../client/client.ts';
import {originOf} from '../origin.ts';
import {isOnlyApprovalLeft} from '../run/only-approval-left.ts';
import {reduce} from '../run/reduce.ts';
import {isRunSettled, type RunState} from '../run/state.ts';
import {openApprovalsOf} from '../run/views.ts';
import {journalEventOf} from '../run/wire.ts';
import {createAnswers} from './answers.ts';
import type {TestCase} from './case.ts';
import type {Drift} from './drift.ts';
import type {TestSession} from './session.ts';

/** What came of a case. */
export interface CaseRun {
	readonly run: RunState;
	/** Those of sub-workflows as well, its own first. */
	readonly runs: readonly RunState[];
	readonly ending: 'settled' | 'waiting' | 'timed-out' | 'interrupted';
	readonly drifts: readonly Drift[];
}

/**
 * Runs a workflow with recorded answers and gives the approvals that the case gives.
 *
 * @param workspace Made already.
 * @param signal Ends it early; what is known by then is the answer.
 * @throws AiworkflowError What keeps the run from beginning.
 */
export const runCase = async (
	{client, workspace, environment}: TestSession,
	workflowFile: string,
	testCase: TestCase,
	signal: AbortSignal,
): Promise<CaseRun> => {
	const {runId} = await client.createRun({
		file: workflowFile,
		workspace,
		inputs: testCase.inputs,
		agents: ['replay'],
		approveAll: testCase.approve === 'all',
		environment: {...environment, ...testCase.env},
		origin: originOf('command'),
	});
	for (const [name, data] of Object.entries(testCase.signals))
		await client.signalRun(runId, {name, data, origin: originOf('command')});
	const timeUp = AbortSignal.timeout(testCase.timeoutMs);
	const {ending, ...found} = await followCase(client, runId, testCase, AbortSignal.any([signal, timeUp]));
	return {...found, ending: ending === 'timed-out' && !timeUp.aborted ? 'interrupted' : ending};
};

const followCase = async (
	client: Client,
	runId: string,
	{approve}: TestCase,
	signal: AbortSignal,
): Promise<CaseRun> => {
	const runs = new Map<string, RunState>();
	const drifts: Drift[] = [];
	const answers = createAnswers(client, approve);
	const result = (ending: CaseRun['ending']): CaseRun => {
		const run = runs.get(runId)!;
		return {run, runs: [run, ...[...runs.values()].filter(other => other !== run)], ending, drifts};
	};

	// The daemon is there for this run alone, so these are its events and those of its sub-workflows.
	for await (const message of client.events({lastEventId: 0, signal})) {
		if (message.kind !== 'journal' || message.data.runId === null) continue;
		const event = journalEventOf(message.data);
		const run = reduce(runs.get(event.runId!), event);
		runs.set(run.id, run);
		if (event.type === 'agent.warned' && event.body.drift) {
			const {stepId, item, drift} = event.body;
			drifts.push({workflow: run.workflow, stepId, item, ...drift});
		}

		if (event.type === 'approval.requested') await answers.answer(event.body);
		const own = runs.get(runId);
		if (!own) continue;
		if (isRunSettled(own)) return result('settled');
		const isAnswered = openApprovalsOf(own).some(({id}) => answers.given.has(id));
		if (!isAnswered && isOnlyApprovalLeft(own)) return result('waiting');
	}

	if (!runs.has(runId)) runs.set(runId, await client.runState(runId));
	return result('timed-out');
};
