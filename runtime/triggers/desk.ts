import {createHash} from 'node:crypto';
import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {EventBody, NewEvent} from '../../source/run/events.ts';
import {runIdFrom, runIdLength} from '../../source/run/run-id.ts';
import {evaluateCondition, evaluatedWithin} from '../../source/workflow/expressions.ts';
import {type Scope, triggerScopeOf} from '../../source/workflow/scope.ts';
import type {FiringsTable} from '../store/firings.ts';
import type {Arming} from './arming.ts';
import {chainOf, chainWords} from './chain.ts';
import type {Firing, NewFiring, RunStarter, Settled, Taken, TriggerDesk} from './parts.ts';

export interface DeskParts {
	readonly firings: FiringsTable;
	readonly arming: Pick<Arming, 'find' | 'isTrusted' | 'environmentOf'>;
	readonly runs: RunStarter;
	readonly journal: DeskJournal;
	readonly now: () => number;
	readonly isDraining: () => boolean;
	readonly onDefect: (error: unknown, where: string) => void;
}

/** The part of the journal that the desk needs. */
export interface DeskJournal {
	append(run: null, seq: number, event: NewEvent, atMs: number): unknown;
	project(projection: () => void): void;
	durable(): Promise<void>;
}

/** Keeps what fired until its run has begun: received means durable, and durable means exactly one run. */
export const createDesk = (parts: DeskParts) => {
	const {firings, arming, runs, journal, now} = parts;
	/** Ids of firings whose run has not begun, by trigger, the oldest first. */
	const queues = new Map<string, string[]>();
	/** Runs that have not ended, by trigger: what `overlap` is about. */
	const open = new Map<string, Set<string>>();
	/** Firings whose run is open, by run. */
	const firingOfRun = new Map<string, {readonly id: string; readonly triggerKey: string}>();
	const listeners = new Map<string, Set<(settled: Settled) => void>>();
	/** What became of firings, until the table says so too. */
	const unwritten = new Map<string, Settled>();
	/** Called when a run of their trigger ended. */
	const roomWaiters = new Map<string, Set<() => void>>();
	/** Taken and not yet in the table. */
	const arriving = new Map<string, Taken>();
	const busy = new Set<string>();
	let pendingCount = 0;
	/** Before triggers are armed, nobody can say whether a firing still has its trigger. */
	let isArmed = false;
	let isStopped = false;

	const enqueue = (triggerKey: string, id: string): void => {
		const queue = queues.get(triggerKey) ?? [];
		queue.push(id);
		queues.set(triggerKey, queue);
		pendingCount++;
	};

	/** Runs that are open or about to begin. */
	const busyCount = (triggerKey: string): number =>
		(open.get(triggerKey)?.size ?? 0) + (queues.get(triggerKey)?.length ?? 0);

	const wakeWaiters = (triggerKey: string): void => {
		for (const wake of roomWaiters.get(triggerKey) ?? []) wake();
	};

	const noteOpen = (triggerKey: string, id: string, runId: string): void => {
		open.set(triggerKey, (open.get(triggerKey) ?? new Set()).add(runId));
		firingOfRun.set(runId, {id, triggerKey});
	};

	const tell = (id: string, settled: Settled): void => {
		unwritten.set(id, settled);
		// A journal that takes nothing more is told of where it matters: what follows is not durable either.
		void journal.durable().then(
			() => unwritten.delete(id),
			() => undefined,
		);
		const callbacks = listeners.get(id);
		listeners.delete(id);
		for (const callback of callbacks ?? []) callback(settled);
	};

	/** Begins what can begin of a trigger, one after the other, so that runs have the order of what started them. */
	const pump = async (triggerKey: string): Promise<void> => {
		if (busy.has(triggerKey)) return;
		busy.add(triggerKey);
		try {
			for (;;) {
				const id = queues.get(triggerKey)?.[0];
				if (id === undefined || !isArmed || isStopped || parts.isDraining()) return;
				if (!(await begin(triggerKey, id))) return;
				queues.get(triggerKey)!.shift();
				pendingCount--;
				wakeWaiters(triggerKey);
			}
		} catch (error) {
			parts.onDefect(error, `trigger ${triggerKey}`);
		} finally {
			busy.delete(triggerKey);
		}
	};

	/** @returns Whether the firing is settled or its run has begun; otherwise it waits for its turn. */
	const begin = async (triggerKey: string, id: string): Promise<boolean> => {
		const firing = firings.read(id);
		if (firing?.status !== 'pending') return true;
		const known = runs.endingOf(firing.runId);
		// Crashed between the run and the note of it.
		if (known !== undefined) {
			journal.project(() => firings.settle(id, 'started'));
			noteOpen(triggerKey, id, firing.runId);
			if (known !== 'open') settleRun(firing.runId, known);
			return true;
		}

		const armed = arming.find(triggerKey);
		if (!armed)
			return skip(firing, 'disarmed', 'The workflow has no such trigger any more, or its workspace is not armed.');
		if (!(await arming.isTrusted(armed.workspace)))
			return skip(firing, 'untrusted', 'Files of the workspace changed since a person trusted it: `aiworkflow trust`.');
		if (chainOf(firing) > limits.chainedRunsMax) return skip(firing, 'chain', chainWords);
		const {trigger, source} = armed;
		const scope = scopeOf(firing);
		try {
			if (trigger.if !== undefined && !evaluateCondition(trigger.if, scope))
				return skip(firing, 'condition', `\`if: ${trigger.if}\` is false.`);
			const running = open.get(triggerKey)?.size ?? 0;
			const overlap = 'overlap' in trigger ? trigger.overlap : undefined;
			if (running > 0 && overlap === 'queue') return false;
			if (running > 0 && overlap === 'skip') return skip(firing, 'overlap', 'The run before it has not ended.');
			if (running > 0 && overlap === 'cancel-previous')
				for (const runId of open.get(triggerKey)!)
					await runs.cancel(runId, firing.origin, `the trigger ${trigger.id} fired again`);
			const {id: firingId, runId, workspace, data, taint, origin, triggerId, kind} = firing;
			await runs.start(
				{
					...{id: runId, file: source, workspace, taint, origin},
					inputs: evaluatedWithin(trigger.with, scope) as Record<string, unknown>,
					environment: arming.environmentOf(workspace),
					trigger: {id: triggerId, kind, firing: firingId, data},
				},
				() => {
					const body = {...placeOf(firing), runId};
					journal.append(null, 0, {type: 'trigger.fired', body}, now());
					journal.project(() => firings.settle(firingId, 'started'));
					noteOpen(triggerKey, firingId, runId);
				},
			);
			return true;
		} catch (error) {
			const {code, message, suggestion} = failureOf(error);
			// Not a word about this firing: the journal takes nothing more, and will find it when it is back.
			if (code === 'journal.unwritable') throw error;
			const failure = {code, message, suggestion};
			journal.append(null, 0, {type: 'trigger.failed', body: {...placeOf(firing), failure}}, now());
			journal.project(() => firings.settle(firing.id, 'failed', `${message} ${suggestion ?? ''}`.trim()));
			tell(firing.id, {status: 'failed', runId: firing.runId, failure});
			return true;
		}
	};

	const skip = (firing: Firing, reason: SkipReason, detail: string): true => {
		journal.append(null, 0, {type: 'trigger.skipped', body: {...placeOf(firing), reason, detail}}, now());
		journal.project(() => firings.settle(firing.id, 'skipped', detail));
		tell(firing.id, {status: 'skipped', runId: firing.runId, failure: {code: `trigger.${reason}`, message: detail}});
		return true;
	};

	const settleRun = (runId: string, settled: Settled): void => {
		const firing = firingOfRun.get(runId);
		if (!firing) return;
		firingOfRun.delete(runId);
		open.get(firing.triggerKey)?.delete(runId);
		journal.project(() => firings.settle(firing.id, 'ended'));
		tell(firing.id, settled);
		void pump(firing.triggerKey);
		wakeWaiters(firing.triggerKey);
	};

	/** As it is written down. @returns `undefined`: its run is still to come, or open. */
	const settledOf = (firingId: string): Settled | undefined => {
		const told = unwritten.get(firingId);
		if (told) return told;
		const firing = firings.read(firingId);
		if (!firing) return undefined;
		const {status, runId, detail = ''} = firing;
		if (status === 'skipped' || status === 'failed')
			return {status, runId, failure: {code: `trigger.${status}`, message: detail}};
		const ending = runs.endingOf(runId);
		if (ending === 'open' || (ending === undefined && status !== 'ended')) return undefined;
		return ending ?? {status: 'cancelled', runId, failure: {code: 'run.not-found', message: 'Its run was removed.'}};
	};

	const desk: TriggerDesk = {
		async take({trigger, dedupeKey, data, origin, taint, alongside}) {
			const {key: triggerKey, workspace, file} = trigger;
			const {id: triggerId, kind} = trigger.trigger;
			const digest = digestOf(triggerKey, dedupeKey);
			const id = firingIdOf(triggerKey, dedupeKey);
			const known = arriving.get(id) ?? takenOf(firings.read(id));
			if (known) {
				await journal.durable();
				return {...known, isKnown: true};
			}

			checkRoom(pendingCount, data);
			const taken: Taken = {firing: id, runId: runIdOf(digest), isKnown: false};
			const firing: Firing = {
				...{id, triggerKey, workspace, file, triggerId, kind, data, origin, taint},
				...{atMs: now(), status: 'pending', runId: taken.runId},
			};
			arriving.set(id, taken);
			try {
				journal.project(() => {
					firings.write(firing);
					alongside?.();
				});
				await journal.durable();
			} finally {
				arriving.delete(id);
			}

			enqueue(triggerKey, id);
			void pump(triggerKey);
			return taken;
		},
		onSettled(firingId, callback) {
			const callbacks = (listeners.get(firingId) ?? new Set()).add(callback);
			listeners.set(firingId, callbacks);
			const forget = () => {
				callbacks.delete(callback);
				if (callbacks.size === 0 && listeners.get(firingId) === callbacks) listeners.delete(firingId);
			};
			// What was told before anybody listened is in the table after the next commit; what is told from now on is heard.
			const look = () => {
				const settled = settledOf(firingId);
				if (!settled || !listeners.get(firingId)?.has(callback)) return;
				forget();
				callback(settled);
			};
			journal.durable().then(look, () => undefined);
			return forget;
		},
		find: (triggerKey, dedupeKey) => firings.read(firingIdOf(triggerKey, dedupeKey)),
		read: firings.read,
		settledOf,
		async room(triggerKey, runsMax, signal) {
			while (busyCount(triggerKey) >= runsMax && !signal.aborted) {
				const {promise, resolve} = Promise.withResolvers<void>();
				const waiters = roomWaiters.get(triggerKey) ?? new Set();
				roomWaiters.set(triggerKey, waiters.add(resolve));
				signal.addEventListener('abort', () => resolve(), {once: true});
				await promise;
				waiters.delete(resolve);
			}
		},
		cancel: runs.cancel,
	};

	return {
		...desk,
		/** Takes up what was received and has not begun, and looks what became of the runs that had; begins nothing yet. */
		recover(): void {
			for (const {id, triggerKey, runId} of firings.ofStatus('started')) {
				noteOpen(triggerKey, id, runId);
				const ending = runs.endingOf(runId);
				if (ending === undefined) settleRun(runId, {status: 'cancelled', runId});
				else if (ending !== 'open') settleRun(runId, ending);
			}

			for (const {id, triggerKey} of firings.ofStatus('pending')) enqueue(triggerKey, id);
		},
		/** Goes on after a start or a drain, and after triggers were armed. */
		resume(): void {
			isArmed = true;
			for (const triggerKey of queues.keys()) void pump(triggerKey);
		},
		/** A run ended: whatever it was, it may be one of a trigger. */
		runEnded: settleRun,
		/** Received and not begun. */
		pendingCount: () => pendingCount,
		pendingOf: (triggerKey: string): number => queues.get(triggerKey)?.length ?? 0,
		openRunsOf: (triggerKey: string): readonly string[] => [...(open.get(triggerKey) ?? [])],
		stop(): void {
			isStopped = true;
		},
	};
};

export type Desk = ReturnType<typeof createDesk>;
export type SkipReason = EventBody<'trigger.skipped'>['reason'];

const digestOf = (triggerKey: string, dedupeKey: string): Buffer =>
	createHash('sha256').update(`${triggerKey}\n${dedupeKey}`).digest();

/** The same for the same happening of the same trigger. */
export const firingIdOf = (triggerKey: string, dedupeKey: string): string =>
	digestOf(triggerKey, dedupeKey).toString('hex').slice(0, 24);

const placeOf = ({id: firing, workspace, file, triggerId: trigger, kind}: Firing) => ({
	firing,
	workspace,
	file,
	trigger,
	kind,
});

const takenOf = (firing: Firing | undefined): Taken | undefined =>
	firing && {firing: firing.id, runId: firing.runId, isKnown: true};

const checkRoom = (pendingCount: number, data: NewFiring['data']): void => {
	if (pendingCount >= limits.pendingFiringsMax) {
		throw new AiworkflowError({
			code: 'trigger.overloaded',
			message: `${pendingCount} firings wait for their runs, the limit.`,
			suggestion: 'Try again later.',
			retryable: true,
		});
	}

	if (Buffer.byteLength(JSON.stringify(data)) <= limits.triggerDataBytesMax) return;
	throw new AiworkflowError({
		code: 'trigger.data-too-large',
		message: `What the trigger was given has more than ${limits.triggerDataBytesMax} bytes.`,
		suggestion: 'Send a reference to it instead.',
	});
};

/** The same for the same firing, so that no crash can make two runs of it. */
const runIdOf = (digest: Buffer): string => runIdFrom(digest.subarray(runIdLength));

/** All that the `if:` and `with:` of a trigger see. */
const scopeOf = ({data, workspace, kind, triggerId, atMs}: Firing): Scope => ({
	inputs: {},
	env: {},
	secrets: {},
	run: {id: '', number: 0, workflow: '', workspace, feedback: ''},
	trigger: triggerScopeOf({id: triggerId, kind, data}, atMs),
	steps: {},
	attempt: 1,
	condition: {needsFailed: false, ancestorFailed: false, runCancelled: false},
});
