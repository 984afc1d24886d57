import {randomBytes} from 'node:crypto';
import {journalUnwritable} from '../../source/errors.ts';
import type {Origin} from '../../source/run/events.ts';
import {isRunEnded, type RunState, reduce} from '../../source/run/state.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {stepOutlinesOf} from '../../source/workflow/plan.ts';
import {createDriver} from './driver.ts';
import type {EngineParts} from './engine-parts.ts';
import {openRunOf} from './open-run.ts';

export interface NewRun {
	readonly definition: WorkflowDefinition;
	/** The file's text and the hash of its bytes. */
	readonly source: string;
	readonly hash: string;
	readonly file: string;
	readonly workspace: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly agents?: readonly string[];
	readonly approveAll: boolean;
	readonly environment: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
	readonly origin: Origin;
}

/** Runs: accepted, driven until they end, taken up again after a crash. Every promise resolves when it is durable. */
export const createEngine = (parts: EngineParts) => {
	const {journal, clock} = parts;
	const driver = createDriver(parts);
	const {open, queued, append, settle, startQueued} = driver;
	const numbers = new Map<string, number>();
	let nextKey: number | undefined;

	const numberOf = (workspace: string, workflow: string) => {
		const name = `${workspace}\n${workflow}`;
		const number = numbers.get(name) ?? parts.runs.nextNumber(workspace, workflow);
		numbers.set(name, number + 1);
		return number;
	};

	return {
		/** Accepts a run. Resolves when it is durable: from then on it is never lost. */
		async createRun(request: NewRun): Promise<RunState> {
			if (journal.failure) throw journal.failure;
			if (driver.isStopped()) throw journalUnwritable('journal.db', 'the daemon is stopping');
			const {definition, hash, file, workspace, inputs, agents, approveAll, environment, secrets, origin} = request;
			const id = newRunId();
			nextKey ??= parts.runs.nextKey();
			const key = nextKey++;
			const body = {
				number: numberOf(workspace, definition.name),
				workflow: {name: definition.name, hash, file},
				workspace,
				inputs,
				agents: agents && [...agents],
				approveAll,
				origin,
				steps: stepOutlinesOf(definition),
			};
			parts.environments.save(id, {environment, secrets});
			const atMs = clock.now();
			const run = reduce(undefined, journal.append({id, key}, 1, {type: 'run.created', body}, atMs));
			const entry = openRunOf(run, key, definition, {environment, secrets});
			journal.project(() => parts.definitions.write(hash, request.source, definition, atMs));
			driver.writeRow(entry);
			open.set(id, entry);
			queued.add(entry);
			startQueued();
			await journal.durable();
			return run;
		},

		/** @returns Whether there was an open run to cancel. Resolves when the wish is durable. */
		async cancelRun(id: string, origin: Origin, reason: string): Promise<boolean> {
			const entry = open.get(id);
			if (!entry || isRunEnded(entry.run)) return false;
			if (queued.delete(entry)) append(entry, [{type: 'run.started', body: {}}]);
			if (!entry.run.cancelRequested) append(entry, [{type: 'run.cancel-requested', body: {origin, reason}}]);
			settle(entry);
			await journal.durable();
			return true;
		},

		/** Answers an open approval. @returns Whether it was open. Resolves when the answer is durable. */
		async answerApproval(
			runId: string,
			approvalId: string,
			answer: {
				readonly isApproved: boolean;
				readonly origin: Origin;
				readonly comment?: string;
				readonly optionId?: string;
			},
		): Promise<boolean> {
			const entry = open.get(runId);
			// Its time may have passed while the machine slept, with the timer still to notice.
			if (entry) settle(entry);
			const approval = entry?.run.approvals[approvalId];
			if (!entry || approval?.status !== 'open' || isRunEnded(entry.run)) return false;
			const {isApproved, origin, comment} = answer;
			const {stepId} = approval;
			const optionId = answer.optionId ?? approval.options?.find(option => option.isAllow === isApproved)?.id;
			const type = isApproved ? 'approval.approved' : 'approval.rejected';
			append(entry, [{type, body: {approvalId, stepId, origin, comment, optionId}}]);
			if (approval.kind === 'permission') {
				journal.afterCommit(() => driver.answerPermission(entry, stepId, approvalId, optionId));
			}

			settle(entry);
			await journal.durable();
			return true;
		},

		/** Takes up every open run where the journal left it. All are registered before any is driven. */
		recover(): number {
			for (const event of parts.events.ofOpenRuns()) {
				const id = event.runId!;
				const entry = open.get(id);
				if (entry) {
					entry.run = reduce(entry.run, event);
				} else {
					const run = reduce(undefined, event);
					const key = parts.runs.keyOf(id)!;
					open.set(id, openRunOf(run, key, parts.definitions.read(run.workflow.hash), parts.environments.load(id)));
				}
			}

			const entries = [...open.values()];
			for (const entry of entries) if (entry.run.phase === 'open') driver.reattach(entry);
			for (const entry of entries) settle(entry);
			// Not before it is known how many of the others are active.
			for (const entry of entries) if (entry.run.phase === 'queued') queued.add(entry);
			startQueued();
			return entries.length;
		},

		/** Lets go of everything; attempts go on, for the next daemon to find. */
		stop: driver.stop,

		stateOf: (id: string): RunState | undefined => open.get(id)?.run,
		/** Also of an ended run: its output is masked as long as it is kept. */
		secretsOf: (id: string): readonly string[] =>
			Object.values((open.get(id)?.environment ?? parts.environments.load(id)).secrets),
		openRuns: (): RunState[] => [...open.values()].map(entry => entry.run),
		attemptsRunning: driver.attemptsRunning,
	};
};

export type Engine = ReturnType<typeof createEngine>;

/** Twelve characters, easy to read aloud and to type: no vowels, so no words; no l, 1, o, 0. */
const alphabet = 'bcdfghjkmnpqrstvwxz23456789';
const newRunId = (): string => Array.from(randomBytes(12), byte => alphabet[byte % alphabet.length]).join('');
