import type {EventType, JournalEvent} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';

/** Runs whose steps go on one event at a time, each run in turn. */
export interface World {
	readonly runs: ReadonlyMap<string, RunState>;
	cursor(): number;
	/** What happens next: mostly one event. */
	next(): JournalEvent[];
	/** A run that is created by this name. */
	mark(name: string): JournalEvent;
	isRunning(runId: string, stepId: string): boolean;
}

export interface WorldOptions {
	readonly open: number;
	readonly ended: number;
	/** Open runs work; otherwise they wait for a person, and no clock ticks on the screen. */
	readonly areRunning: boolean;
}

const stepsPerRun = 30;
/** Of one attempt. */
const usagesPerStep = 100;
const workflows = ['fix-issue', 'release', 'nightly-audit', 'docs', 'deploy', 'standup'];
const tokens = {input: 1200, cachedInput: 0, output: 340, reasoning: 0};

interface Player {
	id: string;
	step: number;
	usages: number;
}

export const createWorld = ({open, ended, areRunning}: WorldOptions): World => {
	const runs = new Map<string, RunState>();
	let cursor = 0;
	let created = 0;
	let turn = 0;
	let atMs = Date.now() - ended * 1000;

	const emit = (runId: string, type: EventType, body: unknown): JournalEvent => {
		const before = runs.get(runId);
		const event = {cursor: ++cursor, runId, seq: (before?.seq ?? 0) + 1, type, atMs, body} as JournalEvent;
		runs.set(runId, reduce(before, event));
		return event;
	};

	const create = (name?: string, stepCount = stepsPerRun): {id: string; events: JournalEvent[]} => {
		const number = ++created;
		const id = `r-${String(number).padStart(6, '0')}`;
		const workflow = name ?? workflows[number % workflows.length]!;
		const body = {
			number,
			workflow: {name: workflow, hash: 'h', file: `/src/shop/${workflow}.md`},
			workspace: '/src/shop',
			inputs: {},
			approveAll: false,
			origin: {by: 'ada', via: 'command'},
			steps: Array.from({length: stepCount}, (_, index) => ({
				id: `step-${index + 1}`,
				title: `step-${index + 1}`,
				kind: index % 3 === 0 ? 'agent' : 'script',
				needs: index > 0 ? [`step-${index}`] : [],
			})),
		};
		return {id, events: [emit(id, 'run.created', body), emit(id, 'run.started', {})]};
	};

	for (let index = 0; index < ended; index++) {
		atMs += 1000;
		const {id} = create(undefined, 3);
		for (let step = 1; step <= 3; step++) emit(id, 'step.completed', {stepId: `step-${step}`, outputs: {}});
		emit(id, 'run.completed', {outputs: {}});
	}

	const players: Player[] = [];
	for (let index = 0; index < open; index++) {
		const {id} = create();
		if (areRunning) players.push({id, step: 0, usages: 0});
		else {
			const question = 'Ship these changes?';
			emit(id, 'approval.requested', {approvalId: `ap-${id}`, stepId: 'step-1', kind: 'approval', question});
		}
	}

	const play = (player: Player): JournalEvent[] => {
		if (player.step > stepsPerRun) {
			const {id, events} = create();
			Object.assign(player, {id, step: 0, usages: 0});
			return events;
		}

		if (player.step === 0 || player.usages >= usagesPerStep) return stepOn(player);
		player.usages++;
		const used = {stepId: `step-${player.step}`, attempt: 1, agent: 'claude', tokens};
		return [emit(player.id, 'usage.recorded', {...used, costMicroUsd: 120, costSource: 'agent'})];
	};

	const stepOn = (player: Player): JournalEvent[] => {
		const before = `step-${player.step}`;
		const done = player.step > 0 ? [emit(player.id, 'step.completed', {stepId: before, attempt: 1, outputs: {}})] : [];
		player.step++;
		player.usages = 0;
		if (player.step > stepsPerRun) return [...done, emit(player.id, 'run.completed', {outputs: {}})];
		return [...done, emit(player.id, 'attempt.started', {stepId: `step-${player.step}`, attempt: 1, agent: 'claude'})];
	};

	return {
		runs,
		cursor: () => cursor,
		next() {
			atMs = Date.now();
			turn = (turn + 1) % Math.max(1, players.length);
			return players.length > 0 ? play(players[turn]!) : [];
		},
		mark: name => create(name, 1).events[0]!,
		isRunning: (runId, stepId) => runs.get(runId)?.steps[stepId]?.status === 'running',
	};
};
