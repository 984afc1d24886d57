import type {Hint, OutputChunk, StreamMessage} from '../../../source/api/messages.ts';
import {type AiworkflowError, daemonUnreachable, runNotFound} from '../../../source/errors.ts';
import type {EventBody, EventType, JournalEvent, StepOutline} from '../../../source/run/events.ts';
import {reduce} from '../../../source/run/reduce.ts';
import type {RunState} from '../../../source/run/state.ts';
import {wireEventOf} from '../../../source/run/wire.ts';
import type {Answer, CockpitDaemon} from '../../../source/tui/daemon.ts';
import {agentView} from './agent-view.ts';
import {scriptedDeliveries, scriptedToolDetails, scriptedTools} from './scripted-tools.ts';
import {scriptedQueues, scriptedSchedules, scriptedTriggers, scriptedWebhooks} from './scripted-triggers.ts';
import {scriptedEstimate, scriptedFile, scriptedWorkflows} from './scripted-workflows.ts';

/**
 * A daemon in memory that does what it is told: it keeps a journal, folds it with the one fold, streams it, and can be
 * killed and revived like the real one. Time is what `clock.nowMs` says.
 */
export interface ScriptedDaemon {
	readonly clock: {nowMs: number};
	readonly runs: ReadonlyMap<string, RunState>;
	readonly journal: readonly JournalEvent[];
	/** What the cockpit did, as `approve <id>`, in order. */
	readonly calls: string[];
	/** Output streams that were asked for, as `run/step`, in order. */
	readonly follows: string[];
	readonly connect: () => Promise<CockpitDaemon>;
	/** Creates and starts a run. @returns The first event of it. */
	createRun(id: string, options: NewRun): JournalEvent;
	emit<T extends EventType>(runId: string | null, type: T, body: EventBody<T>): JournalEvent;
	/** Journals without telling the streams: what a lost message looks like. */
	emitUnseen<T extends EventType>(runId: string, type: T, body: EventBody<T>): JournalEvent;
	print(runId: string, stepId: string, text: string, stream?: OutputChunk['stream']): void;
	endOutput(runId: string, stepId: string): void;
	/** The run's events are gone, as after a clean-up. */
	removeEvents(runId: string): void;
	/** Breaks every stream and refuses connections. */
	kill(): void;
	revive(): void;
	/** Refuses the next answer or cancellation with this. */
	failNext(error: AiworkflowError): void;
	/** Adds a line to the log of the daemon. */
	log(line: string): void;
}

export interface NewRun {
	readonly workflow?: string;
	readonly number?: number;
	readonly workspace?: string;
	readonly parent?: {readonly runId: string; readonly stepId: string};
	readonly budgetMicroUsd?: number;
	readonly inputs?: Readonly<Record<string, unknown>>;
	readonly steps: readonly (Partial<Omit<StepOutline, 'needs'>> & {
		readonly id: string;
		readonly needs?: readonly string[];
	})[];
}

/** Small, so that tests page. */
const pageEventsMax = 10;

interface Printed {
	chunks: OutputChunk[];
	sizes: {stdout: number; stderr: number};
	isEnded: boolean;
}

export const createScriptedDaemon = (startMs = Date.now()): ScriptedDaemon => {
	const clock = {nowMs: startMs};
	const journal: JournalEvent[] = [];
	const runs = new Map<string, RunState>();
	const outputs = new Map<string, Printed>();
	const calls: string[] = [];
	const follows: string[] = [];
	const wakers = new Set<() => void>();
	let isAlive = true;
	let epoch = 0;
	const hints: Hint[] = [];
	let nextFailure: AiworkflowError | undefined;
	let isTrusted = false;
	let logText = '';

	const wake = () => {
		for (const waker of [...wakers]) waker();
	};

	const append = (runId: string | null, type: EventType, body: unknown): JournalEvent => {
		const seq = runId === null ? 0 : (runs.get(runId)?.seq ?? 0) + 1;
		const event = {cursor: journal.length + 1, runId, seq, type, atMs: clock.nowMs, body} as JournalEvent;
		journal.push(event);
		if (runId !== null) runs.set(runId, reduce(runs.get(runId), event));
		return event;
	};

	const outputOf = (runId: string, stepId: string): Printed => {
		const key = `${runId}/${stepId}`;
		if (!outputs.has(key)) outputs.set(key, {chunks: [], sizes: {stdout: 0, stderr: 0}, isEnded: false});
		return outputs.get(key)!;
	};

	const gone = () => daemonUnreachable('scripted', 'it was killed');
	const unseen = new Set<number>();
	const removed = new Set<string>();

	/** Resolves when something happened, the stream is broken (throws) or not wanted any more. */
	const change = async (ofEpoch: number, signal: AbortSignal): Promise<void> => {
		if (signal.aborted) return;
		if (epoch !== ofEpoch) throw gone();
		await new Promise<void>(resolve => {
			const done = () => {
				wakers.delete(done);
				signal.removeEventListener('abort', done);
				resolve();
			};
			wakers.add(done);
			signal.addEventListener('abort', done);
		});
		if (epoch !== ofEpoch && !signal.aborted) throw gone();
	};

	async function* events({
		lastEventId,
		signal,
	}: {
		lastEventId?: number;
		signal: AbortSignal;
	}): AsyncGenerator<StreamMessage> {
		const ofEpoch = epoch;
		let position = lastEventId ?? journal.length;
		let hinted = hints.length;
		if (lastEventId === undefined) {
			const all = [...runs.values()].toReversed();
			const data = {cursor: journal.length, runs: all, isLast: true};
			yield {kind: 'snapshot', data};
		}

		while (!signal.aborted) {
			while (position < journal.length) {
				const event = journal[position++]!;
				if (!unseen.has(event.cursor)) yield {kind: 'journal', data: wireEventOf(event)};
			}

			while (hinted < hints.length) yield {kind: 'hint', data: hints[hinted++]!};
			await change(ofEpoch, signal);
		}
	}

	async function* followOutput(
		runId: string,
		stepId: string,
		offsets: {stdout: number; stderr: number},
		signal: AbortSignal,
	): AsyncGenerator<OutputChunk> {
		follows.push(`${runId}/${stepId}`);
		const ofEpoch = epoch;
		const printed = outputOf(runId, stepId);
		let index = 0;
		while (!signal.aborted) {
			for (; index < printed.chunks.length; index++) {
				const chunk = printed.chunks[index]!;
				if (chunk.nextOffset > offsets[chunk.stream]) yield chunk;
			}

			if (printed.isEnded) return;
			await change(ofEpoch, signal);
		}
	}

	const failWhereAsked = () => {
		if (!nextFailure) return;
		const failure = nextFailure;
		nextFailure = undefined;
		throw failure;
	};

	const decide = (verb: 'approve' | 'reject', approvalId: string, {origin, comment, optionId}: Answer) => {
		calls.push([verb, approvalId, optionId, comment].filter(Boolean).join(' '));
		failWhereAsked();

		const run = [...runs.values()].find(each => each.approvals[approvalId])!;
		const {stepId, kind} = run.approvals[approvalId]!;
		append(run.id, `approval.${verb === 'approve' ? 'approved' : 'rejected'}`, {
			approvalId,
			stepId,
			origin,
			comment,
			optionId,
		});
		if (kind === 'approval') {
			if (verb === 'approve') append(run.id, 'step.completed', {stepId, outputs: {approved: true}});
			else append(run.id, 'step.failed', {stepId, failure: {code: 'approval.rejected', message: 'It was rejected.'}});
		}

		wake();
	};

	const daemon: CockpitDaemon = {
		health: async () => {
			if (!isAlive) throw gone();
			return {pid: 4711, version: '0.1.0', startedAt: new Date(startMs).toISOString(), cursor: journal.length};
		},
		async runState(runId) {
			if (!isAlive) throw gone();
			calls.push(`runState ${runId}`);
			if (!runs.has(runId)) throw runNotFound(runId);
			return runs.get(runId)!;
		},
		events,
		async output(runId, stepId) {
			if (!isAlive) throw gone();
			const {chunks, sizes, isEnded} = outputOf(runId, stepId);
			return {attempt: 1, chunks: [...chunks], stdoutBytes: sizes.stdout, stderrBytes: sizes.stderr, isEnded};
		},
		followOutput,
		approve: async (id, answer) => decide('approve', id, answer),
		reject: async (id, answer) => decide('reject', id, answer),
		async cancelRun(runId, {origin, reason = ''}) {
			calls.push(`cancel ${runId}`);
			append(runId, 'run.cancel-requested', {origin, reason});
			wake();
		},
		async pauseRun(runId, {origin, reason = ''}) {
			calls.push(`pause ${runId}`);
			append(runId, 'run.paused', {origin, reason});
			wake();
		},
		async resumeRun(runId, {origin}) {
			calls.push(`resume ${runId}`);
			append(runId, 'run.resumed', {origin});
			wake();
		},
		async retryRun(runId, {origin}) {
			calls.push(`retry ${runId}`);
			const {stepOrder, steps} = runs.get(runId)!;
			const stepIds = stepOrder.filter(id => steps[id]!.status !== 'completed');
			append(runId, 'run.reopened', {origin, stepIds, reason: 'asked for'});
			wake();
		},
		async checkAgents({agents = ['claude', 'codex']}) {
			calls.push(`checkAgents ${agents.join(' ')}`);
			return {agents: agents.map(id => agentView(id))};
		},
		async agentTroubles() {
			return {agents: []};
		},
		async disableAgent(id) {
			calls.push(`disable ${id}`);
		},
		async enableAgent(id) {
			calls.push(`enable ${id}`);
		},
		async preferAgent(id, {isOn}) {
			calls.push(`prefer ${id} ${isOn}`);
		},
		async costLimits() {
			return {limits: []};
		},
		async forecast(runId) {
			calls.push(`forecast ${runId}`);
			return {spentUsd: 0, likelyUsd: null, knownUsd: 0, budgetUsd: null, crossesIn: null, unknownSteps: []};
		},
		async stepRequest(runId, stepId, {attempt = 1}) {
			calls.push(`stepRequest ${runId} ${stepId} ${attempt}`);
			return {attempt, text: `Do ${stepId}.`, isWhole: true, environment: ['CI', 'TOKEN']};
		},
		async runEvents(runId, {after = 0}) {
			if (!isAlive) throw gone();
			calls.push(`runEvents ${runId} ${after}`);
			if (removed.has(runId)) throw runNotFound(runId);
			const found = journal.filter(event => event.runId === runId && event.cursor > after).slice(0, pageEventsMax);
			const next = found.length === pageEventsMax ? found.at(-1)!.cursor : null;
			return {events: found.map(wireEventOf), next};
		},
		async forkRun(runId, {at}) {
			calls.push(`fork ${runId} ${at}`);
			const {workflow, number} = runs.get(runId)!;
			const forked = `${runId}-fork`;
			createRun(forked, {workflow: workflow.name, number: number + 1, steps: [{id: 'again'}]});
			return {
				...{runId: forked, workflow: workflow.name, number: number + 1, forkedFrom: runId},
				...{cursor: journal.length, adopted: [], stepIds: ['again']},
			};
		},
		async costSummary({by = 'workflow'}) {
			const none = {costUsd: 0, knownCostUsd: 0, unknown: 0, inputTokens: 0, outputTokens: 0, requests: 0};
			return {by, rows: [], total: {name: null, ...none}};
		},
		async workflows() {
			return {workflows: scriptedWorkflows};
		},
		async workflowFile(file) {
			return scriptedFile(file);
		},
		async costEstimate({agents = ['claude']}) {
			calls.push(`costEstimate ${agents.join(',')}`);
			return scriptedEstimate;
		},
		async createRun({file, inputs = {}, agents}) {
			calls.push(`createRun ${file} ${JSON.stringify(inputs)}${agents ? ` ${agents.join(',')}` : ''}`);
			failWhereAsked();
			const runId = `r-new${runs.size}`;
			scripted.createRun(runId, {workflow: 'fix-issue', number: 43, steps: [{id: 'plan'}]});
			return {runId};
		},
		async workspace() {
			return {isTrusted, files: ['.aiworkflow/agents.yaml'], triggerProblems: []};
		},
		async trust({workspace}) {
			calls.push(`trust ${workspace}`);
			isTrusted = true;
			return {isTrusted, files: ['.aiworkflow/agents.yaml'], triggerProblems: []};
		},
		async triggers() {
			calls.push('triggers');
			return scriptedTriggers;
		},
		async schedules() {
			return {schedules: scriptedSchedules};
		},
		async webhooks() {
			return scriptedWebhooks;
		},
		async deliveries({status}) {
			return {deliveries: scriptedDeliveries.filter(each => each.status === status)};
		},
		async replayDeliveries({ids = []}) {
			calls.push(`replayDeliveries ${ids.join(' ')}`);
			failWhereAsked();
		},
		async tools({check = false}) {
			calls.push(`tools${check ? ' check' : ''}`);
			return {tools: scriptedTools};
		},
		async toolInfo({tool, ask = true}) {
			calls.push(`toolInfo ${tool}${ask ? '' : ', not asked'}`);
			return scriptedToolDetails(tool);
		},
		async queues() {
			return {queues: scriptedQueues};
		},
		async runSchedule(name) {
			calls.push(`runSchedule ${name}`);
			failWhereAsked();
			return {status: 'skipped', detail: 'the run before it goes on'};
		},
		async pauseSchedule(name) {
			calls.push(`pauseSchedule ${name}`);
		},
		async resumeSchedule(name) {
			calls.push(`resumeSchedule ${name}`);
		},
		async *followDaemonLogs({offset = 0}, signal) {
			const ofEpoch = epoch;
			let at = offset;
			while (!signal.aborted) {
				if (at < logText.length) {
					const text = logText.slice(at);
					yield {offset: at, nextOffset: logText.length, text};
					at += text.length;
				}

				await change(ofEpoch, signal);
			}
		},
		async skipStep(runId, stepId, {origin, reason = ''}) {
			calls.push(`skip ${runId} ${stepId}`);
			append(runId, 'step.skip-requested', {stepId, origin, reason});
			wake();
		},
	};

	function createRun(id: string, options: NewRun): JournalEvent {
		const {workflow = 'fix-issue', number = 1, workspace = '/src/shop', parent, steps} = options;
		const created = append(id, 'run.created', {
			number,
			workflow: {name: workflow, hash: 'h', file: `${workspace}/${workflow}.md`},
			workspace,
			inputs: options.inputs ?? {},
			approveAll: false,
			budgetMicroUsd: options.budgetMicroUsd,
			origin: {by: 'ada', via: 'command'},
			parent: parent && {...parent, attempt: 1, depth: 1},
			steps: steps.map((step, index) => ({
				title: step.id,
				kind: 'script',
				...step,
				needs: [...(step.needs ?? (index > 0 ? [steps[index - 1]!.id] : []))],
			})),
		});
		append(id, 'run.started', {});
		wake();
		return created;
	}

	const scripted: ScriptedDaemon = {
		clock,
		runs,
		journal,
		calls,
		follows,
		async connect() {
			if (!isAlive) throw gone();
			return daemon;
		},
		createRun,
		emit(runId, type, body) {
			const event = append(runId, type, body);
			wake();
			return event;
		},
		emitUnseen(runId, type, body) {
			const event = append(runId, type, body);
			unseen.add(event.cursor);
			return event;
		},
		print(runId, stepId, text, stream = 'stdout') {
			const output = outputOf(runId, stepId);
			const offset = output.sizes[stream];
			output.sizes[stream] += Buffer.byteLength(text);
			output.chunks.push({stream, offset, nextOffset: output.sizes[stream], text});
			const {stdout, stderr} = output.sizes;
			hints.push({type: 'output.grew', runId, stepId, stdoutBytes: stdout, stderrBytes: stderr});
			wake();
		},
		endOutput(runId, stepId) {
			outputOf(runId, stepId).isEnded = true;
			wake();
		},
		removeEvents(runId) {
			removed.add(runId);
		},
		kill() {
			isAlive = false;
			epoch++;
			wake();
		},
		revive() {
			isAlive = true;
		},
		failNext(error) {
			nextFailure = error;
		},
		log(line) {
			logText += `${line}\n`;
			wake();
		},
	};
	return scripted;
};
