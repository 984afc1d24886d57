import path from 'node:path';
import {type Failure, failureOf} from '../../source/errors.ts';
import {attemptFolderOf, snapshotFolderOf} from '../../source/paths.ts';
import type {NewEvent, UndoTarget} from '../../source/run/events.ts';
import {type RollbackTarget, unitKeyOf, unitNameOf, unitOf} from '../../source/run/state.ts';
import type {ScriptStep, StepDefinition, ToolStep} from '../../source/workflow/definition.ts';
import {type ContextFacts, isReplay} from './attempt-context.ts';
import {chooseTool} from './choose-tool.ts';
import type {EngineParts} from './engine-parts.ts';
import type {OpenRun} from './open-run.ts';
import type {AttemptContext, AttemptHandle, AttemptOutcome, ChosenTool} from './parts.ts';
import {recordToolTries} from './tool-tries.ts';

export interface UndoHooks {
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly settle: (entry: OpenRun) => void;
	readonly contextOf: (
		entry: OpenRun,
		step: StepDefinition,
		item: number | undefined,
		chosen: Pick<ContextFacts, 'attempt' | 'tool' | 'ownOutputs'>,
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

	/** Runs whose next call waits for the file of its tool to be read. */
	const choosing = new WeakSet<OpenRun>();

	const start = (entry: OpenRun, target: RollbackTarget) => {
		if (target.how === 'tool') return void startTool(entry, target);
		startWith(entry, target, undefined);
	};

	/** In a replay nothing was called, so there is nothing to undo. */
	const startTool = async (entry: OpenRun, target: RollbackTarget) => {
		if (choosing.has(entry)) return;
		choosing.add(entry);
		try {
			const {workspace, workflow} = entry.run;
			const place = {workspace, bundleFolder: path.dirname(workflow.file)};
			const tool = isReplay(entry.run)
				? undefined
				: await chooseTool(parts, place, stepOf(entry, target.stepId).undoTool!.tool);
			if (isOver(entry)) return tool && recordToolTries(parts, tool.name, tool, cancelled);
			if (tool) startWith(entry, target, tool);
			else append(entry, [{type: 'undo.completed', body: targetOf(target)}]);
		} catch (error) {
			if (!isOver(entry)) append(entry, [failedEvent(target, error)]);
		} finally {
			choosing.delete(entry);
			if (!isOver(entry)) settle(entry);
		}
	};

	const startWith = (entry: OpenRun, target: RollbackTarget, tool: ChosenTool | undefined) => {
		const folder = folderNameOf(entry, target);
		let context: AttemptContext | undefined;
		try {
			context = isProcess(target) ? undoContextOf(entry, target, folder, tool) : undefined;
		} catch (error) {
			if (tool) recordToolTries(parts, tool.name, tool, cancelled);
			append(entry, [failedEvent(target, error)]);
			setImmediate(() => settle(entry));
			return;
		}

		const deadlineAtMs = context?.deadlineAtMs;
		append(entry, [{type: 'undo.started', body: {...targetOf(target), folder, deadlineAtMs}}]);
		journal.afterCommit(() => {
			if (isOver(entry)) return;
			if (context) attend(entry, target, () => executorOf(target).start(context, ignore), tool);
			else void restore(entry, target);
		});
	};

	const executorOf = ({how}: UndoTarget) => {
		const executor = parts.executors[how === 'tool' ? 'tool' : 'script'];
		if (!executor) throw new Error(`Nothing undoes by ${how}.`);
		return executor;
	};

	/** Takes up again what was being undone when the daemon ended. Restoring twice gives the same. */
	const reattach = (entry: OpenRun) => {
		const target = entry.run.rollback?.targets.find(({status}) => status === 'running');
		if (!target || entry.run.rollback?.status !== 'running') return;
		if (!isProcess(target)) return void restore(entry, target);
		const {deadlineAtMs, folder = ''} = target;
		const context = {...undoContextOf(entry, target, folder, undefined), deadlineAtMs};
		attend(entry, target, () => executorOf(target).reattach(context, ignore), undefined);
	};

	const attend = (entry: OpenRun, target: UndoTarget, begin: () => AttemptHandle, tool: ChosenTool | undefined) => {
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
				if (tool) recordToolTries(parts, tool.name, tool, ended);
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
			event = failedEvent(target, error);
		}

		if (isOver(entry)) return;
		append(entry, [event]);
		settle(entry);
	};

	/** The `undo` fence with the environment of its step, or the call; and what the step gave out. */
	const undoContextOf = (
		entry: OpenRun,
		{stepId, item, attempt, how}: UndoTarget,
		folder: string,
		tool: ChosenTool | undefined,
	): AttemptContext => {
		const {outputs = {}} = unitOf(entry.run, stepId, item);
		const step = undoStepOf(stepOf(entry, stepId), how);
		const context = contextOf(entry, step, item, {attempt, tool, ownOutputs: outputs});
		return {
			...context,
			folder: attemptFolderOf(parts.stateFolder, entry.run.id, unitKeyOf(stepId, item), folder),
			environment: {...context.environment, ...outputVariablesOf(outputs)},
		};
	};

	return {start, reattach};
};

const isProcess = ({how}: UndoTarget): boolean => how === 'script' || how === 'tool';

/** What is undone is not what the step declares, or is given. */
const undoStepOf = (step: StepDefinition, how: UndoTarget['how']): ScriptStep | ToolStep => {
	const base = {...step, outputs: undefined, stdin: undefined};
	return how === 'tool'
		? {...base, kind: 'tool', operation: undefined, ...step.undoTool!}
		: {...base, kind: 'script', ...step.undoScript!};
};

/** A folder of its own for each try: an attempt is claimed once. */
const folderNameOf = ({run}: OpenRun, {attempt, tries, how}: RollbackTarget): string =>
	`undo-${attempt}-${run.rollbackCount}${tries === 0 ? '' : `-${tries + 1}`}${how === 'tool' ? '-tool' : ''}`;

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

const failedEvent = (target: UndoTarget, error: unknown): NewEvent => ({
	type: 'undo.failed',
	body: {...targetOf(target), failure: plain(failureOf(error))},
});

const vanished = ({stepId, item, how}: UndoTarget): Failure => ({
	code: 'attempt.vanished',
	message: `The undo ${how === 'tool' ? 'call' : 'script'} of "${unitNameOf(stepId, item)}" is gone without an exit code.`,
	suggestion: 'Look at what it had done, then undo the rest by hand or with `aiworkflow runs rollback`.',
});

const targetOf = ({stepId, item, attempt, how}: UndoTarget): UndoTarget => ({stepId, item, attempt, how});

const plain = ({code, message, suggestion, retryable}: Failure): Failure => ({code, message, suggestion, retryable});

const ignore = async () => {};

const cancelled = {status: 'cancelled'} as const;
