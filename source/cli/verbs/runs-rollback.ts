import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {rollbackNothing, usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {reduce} from '../../run/reduce.ts';
import type {RunState} from '../../run/state.ts';
import {rollbackStatusOf, undoWordsOf} from '../../run/views.ts';
import {journalEventOf} from '../../run/wire.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {followRun} from '../follow-run.ts';
import {watchInterrupts} from '../interrupts.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {progressLines} from '../progress.ts';
import {confirm} from '../prompt.ts';
import {runTitleOf} from '../run-title.ts';
import type {Verb} from '../verb.ts';

/** Undoes what a run did, stays until that is over, and says what is left. Exit code 1 where anything is. */
export const rollbackRun: Verb<typeof tables.runsRollback> = async ({args, options, output}) => {
	const {to, yes} = options;
	const client = await connect();
	const run = await client.run(args[0]!);
	const {targets} = await client.rollbackPlan(run.id, {to});
	if (targets.length > 0 && !yes) {
		if (!output.isInteractive)
			throw usageInvalid('A rollback asks first, and nobody can be asked here.', 'Give `--yes` to do it at once.');
		await output.print(`This undoes, in this order: ${targets.map(undoWordsOf).join(', ')}.`);
		if (!(await confirm(`Roll back ${runTitleOf(run)}?`))) {
			await output.print('Nothing was changed.');
			return exitCodes.done;
		}
	}

	if (targets.length === 0 && run.endedAt !== null) throw rollbackNothing(run.id);
	const before = await client.runState(run.id);
	await client.rollbackRun(run.id, {to, origin: originOf('command')});
	return untilUndone(client, before, output);
};

const untilUndone = async (client: Client, before: RunState, output: Output): Promise<ExitCode> => {
	const interrupts = watchInterrupts();
	let run = before;
	try {
		for await (const wire of followRun(client, run.id, {after: run.cursor, signal: interrupts.signal})) {
			const event = journalEventOf(wire);
			run = reduce(run, event);
			for (const line of progressLines(event, run, output)) await output.print(line);
			if (event.type === 'rollback.completed') break;
		}
	} finally {
		interrupts.dispose();
	}

	if (run.rollback?.status !== 'ended') {
		output.note(`\nDetached; the rollback goes on. See it with \`aiworkflow runs watch ${run.id}\`.`);
		return exitCodes.interrupted;
	}

	return told(run, output);
};

const told = async (run: RunState, output: Output): Promise<ExitCode> => {
	const status = rollbackStatusOf(run);
	const targets = run.rollback!.targets.map(({stepId, item, how, attempt, status: outcome, failure}) => ({
		...{stepId, item, how, attempt, status: outcome},
		failure: failure ?? null,
	}));
	if (output.isJson)
		await output.document({
			runId: run.id,
			status,
			undone: targets.filter(target => target.status === 'undone'),
			left: targets.filter(target => target.status !== 'undone'),
		});
	if (status === 'done') return exitCodes.done;
	const script = targets.find(target => target.status === 'failed' && ['script', 'tool'].includes(target.how));
	if (script && !output.isJson)
		output.note(`  What it printed: \`aiworkflow runs logs ${run.id} ${script.stepId} --undo\`.`);
	return exitCodes.failed;
};
