import {decide} from '../../../runtime/engine/decide.ts';
import {eventsOfOutcome} from '../../../runtime/engine/outcome.ts';
import type {AttemptOutcome} from '../../../runtime/engine/parts.ts';
import type {JournalEvent, NewEvent} from '../../../source/run/events.ts';
import {type RunState, reduce} from '../../../source/run/state.ts';
import type {WorkflowDefinition} from '../../../source/workflow/definition.ts';
import {parseWorkflow} from '../../../source/workflow/parse.ts';
import {stepOutlinesOf} from '../../../source/workflow/plan.ts';

/** What the world answers when a step's attempt is started. Default: it completes with no outputs. */
export type World = (stepId: string, attempt: number) => AttemptOutcome | 'hangs';

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
			const facts = {definition, nowMs, attemptSlots, preparing: new Set<string>(), secrets: {}, readText: () => ''};
			const decision = decide(run!, facts);
			append(...decision.events);
			wakeAtMs = decision.wakeAtMs;
			for (const stepId of decision.stops) stopped.push(stepId);
			for (const stepId of decision.stops) end(stepId, {status: 'cancelled'});
			for (const stepId of decision.starts) {
				const attempt = run!.steps[stepId]!.attempts.length + 1;
				append({type: 'attempt.started', body: {stepId, attempt}});
				started.push(stepId);
				const outcome = world(stepId, attempt);
				if (outcome !== 'hangs') end(stepId, outcome);
			}

			if (decision.starts.length + decision.stops.length === 0) return;
		}
	};

	const end = (stepId: string, outcome: AttemptOutcome) =>
		append(...eventsOfOutcome(run!, stepId, run!.steps[stepId]!.attempts.length, outcome));

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
		/** Ids of the steps whose attempts were started, in order. */
		started,
		stopped,
		settle,
		/** Gives the engine so many places for attempts. */
		allow: (slots: number) => {
			attemptSlots = slots;
		},
		end(stepId: string, outcome: AttemptOutcome) {
			end(stepId, outcome);
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
