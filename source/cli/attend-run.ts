import type {Client} from '../client/client.ts';
import {originOf} from '../origin.ts';
import type {JournalEvent} from '../run/events.ts';
import {approvalsToAskOf, isOnlyApprovalLeft} from '../run/only-approval-left.ts';
import {reduce} from '../run/reduce.ts';
import {type RunState, unitNameOf} from '../run/state.ts';
import {openApprovalsOf} from '../run/views.ts';
import {journalEventOf} from '../run/wire.ts';
import {ApprovalDesk, howToAnswer} from './approval-desk.ts';
import {type ExitCode, exitCodes} from './exit-codes.ts';
import {followRun} from './follow-run.ts';
import {type Interrupts, watchInterrupts} from './interrupts.ts';
import type {Output} from './output.ts';
import {progressLines} from './progress.ts';

export interface AttendOptions {
	readonly client: Client;
	/** The whole id. */
	readonly runId: string;
	readonly output: Output;
	/** False: end with 6 as soon as nothing but an approval is left to wait for. */
	readonly waitsForApprovals: boolean;
	/** The run as it is known already: only what comes after it is shown. Default: all of it. */
	readonly from?: RunState;
	/** Ids of approvals that were settled before: their questions are shown as history and not asked again. */
	readonly settled?: readonly string[];
}

const secondInterruptMsMax = 2000;

/** Shows a run, asks its approvals where a person is there, and stays until it ends or the person leaves. */
export const attendRun = async ({
	client,
	runId,
	output,
	waitsForApprovals,
	from,
	settled = settledApprovalsOf(from),
}: AttendOptions): Promise<ExitCode> => {
	const interrupts = watchInterrupts();
	const desk = output.isInteractive ? new ApprovalDesk(client, {settled}) : undefined;
	const announced = new Set(settled);
	let run = from;
	try {
		const onAway = (isAway: boolean) => output.note(isAway ? awayText : 'The daemon is back.');
		for await (const wire of followRun(client, runId, {after: from?.cursor, signal: interrupts.signal, onAway})) {
			const event = journalEventOf(wire);
			run = reduce(run, event);
			if (output.isJson) await output.line(wire);
			else await printProgress(event, run, output, desk);
			if (!waitsForApprovals && isOnlyApprovalLeft(run)) return stoppedWaiting(run, output);
			if (desk) desk.update(run);
			else announceApprovals(run, announced, output);
		}

		if (interrupts.signal.aborted) {
			desk?.close();
			return await leave(client, runId, interrupts, output);
		}

		return run?.phase === 'completed' ? exitCodes.done : exitCodes.failed;
	} finally {
		desk?.close();
		interrupts.dispose();
	}
};

const settledApprovalsOf = (run: RunState | undefined): string[] =>
	Object.values(run?.approvals ?? {}).flatMap(({id, status}) => (status === 'open' ? [] : [id]));

const awayText = 'The daemon was stopped. The run goes on when it is started again: `aiworkflow daemon start`.';

const printProgress = async (event: JournalEvent, run: RunState, output: Output, desk: ApprovalDesk | undefined) => {
	for (const line of progressLines(event, run, output)) {
		if (desk) desk.print(line);
		else await output.print(line);
	}
};

/** Where nobody can be asked, say once how to answer. */
const announceApprovals = (run: RunState, announced: Set<string>, output: Output) => {
	for (const {id, stepId, item} of approvalsToAskOf(run)) {
		if (announced.has(id)) continue;
		announced.add(id);
		output.note(`Step ${unitNameOf(stepId, item)} waits for a person. ${howToAnswer(id)}`);
	}
};

const stoppedWaiting = (run: RunState, output: Output): ExitCode => {
	const ids = openApprovalsOf(run).map(({id}) => id);
	output.note(`Run ${run.id} waits for a person. ${howToAnswer(ids[0]!)}`);
	return exitCodes.waiting;
};

const leave = async (client: Client, runId: string, interrupts: Interrupts, output: Output): Promise<ExitCode> => {
	if (interrupts.isHangup()) return exitCodes.interrupted;
	output.note('\nDetached; the run goes on. Ctrl-c again within 2 s cancels it.');
	output.note(
		`  to cancel it later: aiworkflow runs cancel ${runId}\n  to see it again:    aiworkflow runs watch ${runId}`,
	);
	if (await interrupts.isRepeatedWithin(secondInterruptMsMax)) {
		await client.cancelRun(runId, {origin: originOf('command'), reason: 'ctrl-c was pressed twice'});
		output.note('The run is being cancelled.');
	}

	return exitCodes.interrupted;
};
