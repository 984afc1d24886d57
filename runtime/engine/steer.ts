import {
	AiworkflowError,
	rollbackNothing,
	runAlreadyEnded,
	runNotEnded,
	runNotFound,
	savepointNotFound,
	stepEnded,
	stepNotFound,
} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {isRunEnded, isRunSettled, isStepEnded, type RunState} from '../../source/run/state.ts';
import type {RunEnvironment} from '../store/run-environments.ts';
import {downstreamOf} from './decide-rewind.ts';
import {isUndone, undoTargetsOf} from './decide-rollback.ts';
import type {Driver} from './driver.ts';
import type {EngineParts} from './engine-parts.ts';
import {adoptionsOf, stateAt} from './fork.ts';
import type {OpenRun} from './open-run.ts';
import type {Steering} from './steering.ts';

/** What a person does to a run that exists. */
export const createSteering = (parts: EngineParts, driver: Driver): Steering => {
	const {journal} = parts;
	const {append, settle} = driver;

	const openRun = (id: string): OpenRun => {
		if (journal.failure) throw journal.failure;
		const entry = driver.load(id);
		if (!entry) throw runNotFound(id);
		if (isRunEnded(entry.run)) throw runAlreadyEnded(id, entry.run.phase);
		return entry;
	};

	/** An ended run, for it to go on: in memory again only once something was appended. */
	const endedRun = (id: string): OpenRun => {
		if (journal.failure) throw journal.failure;
		journal.flush();
		const entry = driver.open.get(id) ?? driver.read(id);
		if (!entry) throw runNotFound(id);
		if (!isRunSettled(entry.run)) throw runNotEnded(id);
		return entry;
	};

	const reopen = (entry: OpenRun, environment: RunEnvironment | undefined, events: readonly NewEvent[]) => {
		const {id} = entry.run;
		if (environment) {
			entry.environment = environment;
			parts.environments.save(id, environment);
		}

		driver.open.set(id, entry);
		append(entry, events);
		driver.groups.note(entry.run, 'begun');
		settle(entry);
	};

	const stepOf = ({run}: OpenRun, stepId: string) => {
		const step = Object.hasOwn(run.steps, stepId) ? run.steps[stepId] : undefined;
		if (!step) throw stepNotFound(run.id, stepId, run.stepOrder);
		return step;
	};

	const wish = async (
		id: string,
		stepId: string,
		type: 'step.skip-requested' | 'step.cancel-requested',
		{origin, reason}: Parameters<Steering['skipStep']>[2],
	) => {
		const entry = openRun(id);
		const step = stepOf(entry, stepId);
		if (isStepEnded(step.status)) throw stepEnded(id, stepId, step.status);
		if (entry.run.phase === 'queued') {
			driver.queued.delete(entry);
			append(entry, [{type: 'run.started', body: {}}]);
		}

		append(entry, [{type, body: {stepId, origin, reason}}]);
		settle(entry);
		await journal.durable();
	};

	return {
		async pauseRun(id, {origin, reason}) {
			const entry = openRun(id);
			if (!entry.run.paused) append(entry, [{type: 'run.paused', body: {origin, reason}}]);
			settle(entry);
			await journal.durable();
		},
		async resumeRun(id, {origin}) {
			const entry = openRun(id);
			if (entry.run.paused) append(entry, [{type: 'run.resumed', body: {origin}}]);
			settle(entry);
			await journal.durable();
		},
		cancelStep: (id, stepId, request) => wish(id, stepId, 'step.cancel-requested', request),
		skipStep: (id, stepId, request) => wish(id, stepId, 'step.skip-requested', request),
		async retryRun(id, {fromStepId, origin, environment}) {
			const entry = endedRun(id);
			if (fromStepId !== undefined) stepOf(entry, fromStepId);
			const stepIds = stepsToRetry(entry.run, fromStepId);
			if (stepIds.length === 0) throw nothingToRetry(id);
			const reason =
				fromStepId === undefined ? 'what did not succeed is done again' : `done again from "${fromStepId}"`;
			reopen(entry, environment, [{type: 'run.reopened', body: {origin, stepIds: [...stepIds], reason}}]);
			await journal.durable();
			return stepIds;
		},
		async signalRun(id, name, {data, origin}) {
			const entry = openRun(id);
			if (entry.run.signals.length >= limits.signalsMax) throw tooManySignals(id);
			append(entry, [{type: 'signal.received', body: {name, data, origin}}]);
			settle(entry);
			await journal.durable();
		},
		async forkRun(id, {fromStepId, atSeq, inputs, origin, environment}) {
			journal.flush();
			const source = driver.open.get(id) ?? driver.read(id);
			if (!source) throw runNotFound(id);
			if (fromStepId !== undefined) stepOf(source, fromStepId);
			const run = atSeq === undefined ? source.run : stateAt(parts.events.ofRun(id), atSeq, id);
			const {agents, approveAll, workflow, workspace} = run;
			const entry = driver.accept({
				...{definition: source.definition, source: '', hash: workflow.hash, file: workflow.file, workspace},
				...{
					inputs: inputs ?? run.inputs,
					agents,
					approveAll,
					taint: run.taint,
					trigger: run.trigger,
					origin,
					...environment,
				},
				uses: run.uses?.map(used => ({...used, definition: source.definition})),
				forkedFrom: {runId: id, seq: run.seq, stepId: fromStepId},
			});
			append(entry, adoptionsOf(run, source.definition, fromStepId));
			driver.enqueue(entry);
			await journal.durable();
			return entry.run;
		},
		async rollbackRun(id, {to, origin}) {
			const entry = endedRun(id);
			const {definition, run} = entry;
			const savepoints = definition.steps.flatMap(({savepoint}) => savepoint ?? []);
			if (to !== undefined && !savepoints.includes(to)) throw savepointNotFound(id, to, savepoints);
			const targets = undoTargetsOf(run, definition, to);
			if (targets.length === 0) throw rollbackNothing(id);
			const reason = to === undefined ? 'somebody asked for it' : `back to the savepoint "${to}"`;
			reopen(entry, undefined, [{type: 'rollback.started', body: {origin, reason, to, targets}}]);
			await journal.durable();
			return entry.run;
		},
	};
};

/** @returns In file order: the step and all after it; or what did not succeed, was not done because of that, or was undone. */
const stepsToRetry = (run: RunState, fromStepId: string | undefined): readonly string[] => {
	if (fromStepId !== undefined) return downstreamOf(run, fromStepId);
	const again = new Set<string>();
	for (const id of run.stepOrder) {
		const step = run.steps[id]!;
		const {status, skipped, continueOnError} = step;
		const isNotDone = status === 'cancelled' || skipped?.reason === 'need-failed' || isUndone(run, step);
		if ((status === 'failed' && !continueOnError) || isNotDone)
			for (const each of downstreamOf(run, id)) again.add(each);
	}

	return run.stepOrder.filter(id => again.has(id));
};

const nothingToRetry = (id: string) =>
	new AiworkflowError({
		code: 'run.nothing-failed',
		message: `Every step of run ${id} succeeded: there is nothing to retry.`,
		suggestion: 'Name the step to begin with: `aiworkflow runs retry <run> --from <step>`.',
	});

const tooManySignals = (id: string) =>
	new AiworkflowError({
		code: 'signal.too-many',
		message: `Run ${id} has ${limits.signalsMax} signals that no step waited for, the limit.`,
		suggestion: 'Send only the signals that the workflow waits for.',
	});
