import {type Failure, failureOf} from '../../source/errors.ts';
import {attemptFolderOf, snapshotFolderOf} from '../../source/paths.ts';
import type {NewEvent, UndoTarget} from '../../source/run/events.ts';
import {type RollbackTarget, unitKeyOf, unitNameOf, unitOf} from '../../source/run/state.ts';
import type {ScriptStep, StepDefinition} from '../../source/workflow/definition.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';
import type {AttemptContext, AttemptHandle, AttemptOutcome} from './parts.ts';

export interface UndoHooks {
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly settle: (entry: OpenRun) => void;
	readonly contextOf: (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		attempt: number,
		agent: string | undefined,
	) => AttemptContext;
	/** Nothing of the run is to be journalled any more. */
	readonly isOver: (entry: OpenRun) => boolean;
	readonly stepOf: (entry: OpenRun, stepId: string) => StepDefinition;
	readonly addRunning: (change: number) => void;
}

/** Does what a rollback asks for: an `undo` script as a process that outlives the daemon, or a snapshot to restore. */
export const createUndoRunner = (parts: EngineParts, hooks: UndoHooks) => {
	const {journal} = parts;
	const {append, settle, contextOf, isOver, stepOf, addRunning} = hooks;

	const start = (entry: OpenRun, target: RollbackTarget) => {
		const folder = folderNameOf(entry, target);
		let context: AttemptContext | undefined;
		try {
			context = target.how === 'script' ? undoContextOf(entry, target, folder) : undefined;
		} catch (error) {
			append(entry, [{type: 'undo.failed', body: {...targetOf(target), failure: plain(failureOf(error))}}]);
			setImmediate(() => settle(entry));
			return;
		}

		const deadlineAtMs = context?.deadlineAtMs;
		append(entry, [{type: 'undo.started', body: {...targetOf(target), folder, deadlineAtMs}}]);
		journal.afterCommit(() => {
			if (isOver(entry)) return;
			if (context) attend(entry, target, () => parts.executors.script!.start(context, ignore));
			else void restore(entry, target);
		});
	};

	/** Takes up again what was being undone when the daemon ended. Restoring twice gives the same. */
	const reattach = (entry: OpenRun) => {
		const target = entry.run.rollback?.targets.find(({status}) => status === 'running');
		if (!target || entry.run.rollback?.status !== 'running') return;
		if (target.how !== 'script') return void restore(entry, target);
		const {deadlineAtMs, folder = ''} = target;
		const context = {...undoContextOf(entry, target, folder), deadlineAtMs};
		attend(entry, target, () => parts.executors.script!.reattach(context, ignore));
	};

	const attend = (entry: OpenRun, target: UndoTarget, begin: () => AttemptHandle) => {
		addRunning(1);
		const name = `undo ${unitNameOf(target.stepId, target.item)}`;
		let outcome: Promise<AttemptOutcome>;
		try {
			const handle = begin();
			entry.handles.set(name, handle);
			({outcome} = handle);
		} catch (error) {
			outcome = Promise.resolve({status: 'failed', failure: failureOf(error)});
		}

		outcome
			.catch((error: unknown): AttemptOutcome => ({status: 'failed', failure: failureOf(error)}))
			.then(ended => {
				entry.handles.delete(name);
				addRunning(-1);
				if (isOver(entry)) return;
				if (ended.status === 'interrupted' && ended.reason === 'never-claimed') {
					return start(entry, entry.run.rollback!.targets.find(each => each.folder === folderOf(entry, target))!);
				}

				append(entry, [eventOf(target, ended)]);
				settle(entry);
			});
	};

	const restore = async (entry: OpenRun, target: UndoTarget) => {
		const {stepId, item, attempt} = target;
		const folder = snapshotFolderOf(parts.stateFolder, entry.run.id, unitKeyOf(stepId, item), attempt);
		let event: NewEvent = {type: 'undo.completed', body: targetOf(target)};
		try {
			await parts.snapshots.restore(folder);
		} catch (error) {
			event = {type: 'undo.failed', body: {...targetOf(target), failure: plain(failureOf(error))}};
		}

		if (isOver(entry)) return;
		append(entry, [event]);
		settle(entry);
	};

	/** The `undo` fence with the environment of its step, and what the step gave out. */
	const undoContextOf = (entry: OpenRun, {stepId, item, attempt}: UndoTarget, folder: string): AttemptContext => {
		const step = stepOf(entry, stepId);
		const {outputs = {}} = unitOf(entry.run, stepId, item);
		const script: ScriptStep = {...step, kind: 'script', ...step.undoScript!, outputs: undefined, stdin: undefined};
		const context = contextOf(entry, script, item, attempt, undefined);
		return {
			...context,
			folder: attemptFolderOf(parts.stateFolder, entry.run.id, unitKeyOf(stepId, item), folder),
			environment: {...context.environment, ...outputVariablesOf(outputs)},
		};
	};

	return {start, reattach};
};

/** A folder of its own for each try: an attempt is claimed once. */
const folderNameOf = ({run}: OpenRun, {attempt, tries}: RollbackTarget): string =>
	`undo-${attempt}-${run.rollbackCount}${tries === 0 ? '' : `-${tries + 1}`}`;

const folderOf = ({run}: OpenRun, target: UndoTarget): string | undefined =>
	run.rollback?.targets.find(
		({stepId, item, how}) => stepId === target.stepId && item === target.item && how === target.how,
	)?.folder;

const outputVariablesOf = (outputs: Readonly<Record<string, unknown>>): Record<string, string> =>
	Object.fromEntries(
		Object.entries(outputs).map(([name, value]) => [
			`STEP_OUTPUT_${name.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_')}`,
			typeof value === 'string' ? value : JSON.stringify(value),
		]),
	);

const eventOf = (target: UndoTarget, outcome: AttemptOutcome): NewEvent => {
	const body = targetOf(target);
	switch (outcome.status) {
		case 'completed':
			return {type: 'undo.completed', body};
		case 'failed':
			return {type: 'undo.failed', body: {...body, failure: plain(outcome.failure), exitCode: outcome.exitCode}};
		default:
			return {type: 'undo.failed', body: {...body, failure: vanished(target)}};
	}
};

const vanished = ({stepId, item}: UndoTarget): Failure => ({
	code: 'attempt.vanished',
	message: `The undo script of "${unitNameOf(stepId, item)}" is gone without an exit code.`,
	suggestion: 'Look at what it had done, then undo the rest by hand or with `aiworkflow runs rollback`.',
});

const targetOf = ({stepId, item, attempt, how}: UndoTarget): UndoTarget => ({stepId, item, attempt, how});

const plain = ({code, message, suggestion, retryable}: Failure): Failure => ({code, message, suggestion, retryable});

const ignore = async () => {};
