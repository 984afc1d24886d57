import {decide} from '../../../runtime/engine/decide.ts';
import {eventsOfOutcome} from '../../../runtime/engine/outcome.ts';
import type {AttemptOutcome} from '../../../runtime/engine/parts.ts';
import type {JournalEvent, NewEvent, UnitRef} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import {nextAttemptOf, type RollbackTarget, type RunState, unitNameOf} from '../../../source/run/state.ts';
import type {WorkflowDefinition} from '../../../source/workflow/definition.ts';
import {parseWorkflow} from '../../../source/workflow/parse.ts';
import {stepOutlinesOf} from '../../../source/workflow/plan.ts';

/** What the world answers when an attempt of a step (`a`) or an item (`a[0]`) is started. Default: it completes with no outputs. */
export type World = (name: string, attempt: number) => AttemptOutcome | 'hangs';

export const definitionOf = (markdown: string): WorkflowDefinition => {
	const {definition, diagnostics} = parseWorkflow(markdown, 'test.md');
	if (!definition) throw new Error(diagnostics.map(({line, message}) => `${line}: ${message}`).join('\n'));
	return definition;
};

/** `decide` and `reduce` with a clock and a world made up by the test: no process, no disk. */
export const simulate = (definition: WorkflowDefinition, world: World = () => completed, approveAll = false) => {
	const events: JournalEvent[] = [];
	const started: string[] = [];
	const stopped: string[] = [];
	let run: RunState | undefined;
	let nowMs = 1_000_000;
	let wakeAtMs: number | undefined;
	let attemptSlots = Number.POSITIVE_INFINITY;

	const append = (...newEvents: NewEvent[]) => {
		for (const newEvent of newEvents) {
			const seq = events.length + 1;
			const event = {...newEvent, cursor: seq, runId: 'run', seq, atMs: nowMs} as JournalEvent;
			events.push(event);
			run = reduce(run, event);
		}
	};

	const settle = () => {
		for (;;) {
			const facts = {
				definition,
				nowMs,
				attemptSlots: slotsLeft(),
				preparing: new Set<string>(),
				secrets: {},
				readText: () => '',
			};
			const decision = decide(run!, facts);
			append(...decision.events);
			wakeAtMs = decision.wakeAtMs;
			for (const unit of decision.stops) stopped.push(unitNameOf(unit.stepId, unit.item));
			for (const unit of decision.stops) end(unit, {status: 'cancelled'});
			for (const unit of decision.starts) begin(unit);
			if (decision.undo) undo(decision.undo);
			if (decision.starts.length + decision.stops.length === 0 && !decision.undo) return;
		}
	};

	/** Those that hang hold their place. */
	const slotsLeft = () => attemptSlots;

	const begin = ({stepId, item}: UnitRef) => {
		const attempt = nextAttemptOf(run!, stepId, item);
		append({type: 'attempt.started', body: {stepId, item, attempt}});
		const name = unitNameOf(stepId, item);
		started.push(name);
		const outcome = world(name, attempt);
		if (outcome !== 'hangs') end({stepId, item}, outcome);
	};

	const undo = ({stepId, item, attempt, how}: RollbackTarget) => {
		const target = {stepId, item, attempt, how};
		const name = `undo ${unitNameOf(stepId, item)}`;
		append({type: 'undo.started', body: target});
		started.push(name);
		const outcome = world(name, attempt);
		if (outcome === 'hangs') return;
		if (outcome.status === 'failed') append({type: 'undo.failed', body: {...target, failure: outcome.failure}});
		else append({type: 'undo.completed', body: target});
	};

	const end = ({stepId, item}: UnitRef, outcome: AttemptOutcome) => {
		const step = definition.steps.find(({id}) => id === stepId)!;
		const attempt = nextAttemptOf(run!, stepId, item) - 1;
		append(...eventsOfOutcome(run!, {step, item, attempt, nowMs, random: 1}, outcome));
	};

	append({
		type: 'run.created',
		body: {
			number: 1,
			workflow: {name: definition.name, hash: 'hash', file: '/w/test.md'},
			workspace: '/w',
			inputs: {},
			approveAll,
			origin,
			steps: stepOutlinesOf(definition),
		},
	});
	append({type: 'run.started', body: {}});
	return {
		events,
		/** Names of the steps and items whose attempts were started, in order. */
		started,
		stopped,
		settle,
		/** Gives the engine so many places for attempts. */
		allow: (slots: number) => {
			attemptSlots = slots;
		},
		end(stepId: string, outcome: AttemptOutcome, item?: number) {
			end({stepId, item}, outcome);
			settle();
		},
		append(event: NewEvent) {
			append(event);
			settle();
		},
		/** Lets time pass. */
		pass(ms: number) {
			nowMs += ms;
			settle();
		},
		run: () => run!,
		nowMs: () => nowMs,
		wakeAtMs: () => wakeAtMs,
		statuses: () => Object.fromEntries(run!.stepOrder.map(id => [id, run!.steps[id]!.status])),
	};
};

export const completed: AttemptOutcome = {status: 'completed', outputs: {}};
export const failed: AttemptOutcome = {status: 'failed', failure: {code: 'script.failed', message: 'no'}, exitCode: 1};
export const origin = {by: 'tester', via: 'test'};
