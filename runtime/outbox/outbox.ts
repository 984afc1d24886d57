import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {Origin} from '../../source/run/events.ts';
import {destinationOf} from '../../source/workflow/outgoing.ts';
import type {Clock} from '../engine/parts.ts';
import type {DeliveriesTable} from '../store/deliveries.ts';
import type {Journal} from '../store/journal.ts';
import type {RunEnvironments} from '../store/run-environments.ts';
import {createLanes} from './lanes.ts';
import type {Delivery, DeliveryFilter, DeliveryStatus, NewDelivery} from './parts.ts';
import {readyRequestOf} from './prepare.ts';
import {sendOnce} from './send.ts';
import {lateFailure, type TryResult, type Verdict, verdictOf} from './verdict.ts';

export interface OutboxParts {
	readonly table: DeliveriesTable;
	readonly journal: Journal;
	readonly clock: Clock;
	/** Where the values of secrets are: read for each try, and let go of after it. */
	readonly environments: Pick<RunEnvironments, 'load'>;
	readonly onDefect: (error: unknown, where: string) => void;
	/** 0 to 1; scatters tries. Default: `Math.random`. */
	readonly random?: () => number;
}

/**
 * What is to be told to others. What is in it is in the journal's database: it is sent after the commit that put it
 * there, and tried until it is taken, refused for good, or not wanted any more. A receiver may get one twice, under one id.
 */
export interface Outbox {
	/** Begins to send what is there. */
	begin(): void;
	/** Lets go of what is being sent: the next daemon sends it again. */
	stop(): void;
	/**
	 * In the commit of this turn. One that is known already is not queued again, unless it was given up: then it is tried
	 * anew. @throws AiworkflowError `webhook.outbox-full`.
	 */
	queue(delivery: NewDelivery): void;
	find(id: string): Delivery | undefined;
	/** Calls back once it is delivered or given up, durably; at once where it is. @returns A function that takes it back. */
	onSettled(id: string, callback: (delivery: Delivery) => void): () => void;
	/** The newest ones first, without what is sent. */
	list(filter: DeliveryFilter): readonly Delivery[];
	counts(): Readonly<Record<DeliveryStatus, number>>;
	/** Dead letters are tried again, as if they were new, under the same ids. @returns Their ids, once it is durable. */
	replay(filter: Omit<DeliveryFilter, 'status'>, origin: Origin): Promise<readonly string[]>;
	/** Removes dead letters. @returns Their ids, once it is durable. */
	purge(filter: Omit<DeliveryFilter, 'status'>, origin: Origin): Promise<readonly string[]>;
}

export const createOutbox = (parts: OutboxParts): Outbox => {
	const {table, journal, clock, environments, onDefect, random = Math.random} = parts;
	const stopping = new AbortController();
	const waiting = new Map<string, Set<(delivery: Delivery) => void>>();
	let queuedCount = table.counts().queued;

	const isOver = () => stopping.signal.aborted || journal.failure !== undefined;

	const send = async (delivery: Delivery): Promise<void> => {
		const nowMs = clock.now();
		if (nowMs > delivery.expiresAtMs)
			return settle(delivery, {status: 'dead', failure: lateFailure(delivery)}, delivery.tries);
		const result = await tried(delivery, nowMs);
		if (isOver()) return;
		const tries = delivery.tries + (result.kind === 'unsendable' ? 0 : 1);
		await settle(delivery, verdictOf(delivery, result, clock.now(), random()), tries);
	};

	const tried = async (delivery: Delivery, nowMs: number): Promise<TryResult> => {
		try {
			const made = readyRequestOf(delivery, environments.load(delivery.runId).secrets, nowMs);
			if ('failure' in made) return {kind: 'unsendable', failure: made.failure};
			return await sendOnce(made.ready, clock, stopping.signal);
		} catch (error) {
			onDefect(error, `delivery ${delivery.id}`);
			return {kind: 'unsendable', failure: failureOf(error)};
		}
	};

	/** Journals what came of a try. Resolves when it is durable. */
	const settle = async (delivery: Delivery, verdict: Verdict, tries: number): Promise<void> => {
		const {id} = delivery;
		const {httpStatus} = verdict;
		const atMs = clock.now();
		const place = placeOf(delivery);
		if (verdict.status === 'queued') {
			const {failure, nextAtMs} = verdict;
			journal.append(null, 0, {type: 'webhook.deferred', body: {...place, tries, failure, httpStatus, nextAtMs}}, atMs);
			journal.project(() => table.defer(id, {tries, nextAtMs, httpStatus, failure}));
			return journal.durable();
		}

		queuedCount--;
		if (verdict.status === 'delivered') {
			journal.append(
				null,
				0,
				{type: 'webhook.delivered', body: {...place, tries, httpStatus: verdict.httpStatus}},
				atMs,
			);
			journal.project(() => {
				table.settle(id, 'delivered', {tries, atMs, httpStatus});
				table.forgetBefore(atMs - limits.deliveredKeptMs);
			});
		} else {
			const {failure} = verdict;
			journal.append(null, 0, {type: 'webhook.buried', body: {...place, tries, failure, httpStatus}}, atMs);
			journal.project(() => table.settle(id, 'dead', {tries, atMs, httpStatus, failure}));
		}

		await journal.durable();
		tell(id);
	};

	const tell = (id: string) => {
		const callbacks = waiting.get(id);
		waiting.delete(id);
		const delivery = callbacks && table.read(id);
		if (delivery) for (const callback of callbacks) callback(delivery);
	};

	const lanes = createLanes({table, clock, send, isOver, onDefect});

	/** Calls back for the dead letters, so many in each commit. @returns Their ids, when all of it is durable. */
	const eachDead = async (
		filter: Omit<DeliveryFilter, 'status'>,
		change: (letters: readonly Delivery[]) => void,
	): Promise<readonly string[]> => {
		journal.flush();
		const ids = table.ids({...filter, status: 'dead'});
		const changed: string[] = [];
		for (let start = 0; start < ids.length; start += limits.deadLettersAtOnce) {
			const letters = ids.slice(start, start + limits.deadLettersAtOnce).flatMap(id => table.read(id) ?? []);
			// Somebody else may have taken some of them meanwhile.
			const dead = letters.filter(({status}) => status === 'dead');
			change(dead);
			changed.push(...dead.map(({id}) => id));
			await journal.durable();
		}

		return changed;
	};

	return {
		begin: lanes.pump,
		stop() {
			stopping.abort();
			lanes.stop();
		},
		queue({request, expiresMs = limits.deliveryExpiresMs, triesMax = limits.deliveryTries, ...place}) {
			const known = table.read(place.id);
			if (known && known.status !== 'dead') return;
			if (queuedCount >= limits.deliveriesQueuedMax) throw outboxFull();
			const atMs = clock.now();
			const expiresAtMs = atMs + expiresMs;
			const delivery: Delivery = {
				...place,
				...{request, destination: destinationOf(request.url), status: 'queued', queuedAtMs: atMs, nextAtMs: atMs},
				...{expiresAtMs, expiresMs, tries: 0, triesMax, replays: 0},
			};
			const {event, body: content} = request;
			const body = {...placeOf(delivery), event, sizeBytes: Buffer.byteLength(content), expiresAtMs};
			journal.append(null, 0, {type: 'webhook.queued', body}, atMs);
			journal.project(() => table.write(delivery));
			queuedCount++;
			journal.afterCommit(lanes.pump);
		},
		find: table.read,
		onSettled(id, callback) {
			const known = table.read(id);
			if (known && known.status !== 'queued') {
				setImmediate(() => callback(known));
				return () => {};
			}

			const callbacks = waiting.get(id) ?? new Set();
			waiting.set(id, callbacks.add(callback));
			return () => callbacks.delete(callback);
		},
		list: filter => table.list(filter, limits.deliveriesShownMax),
		counts: table.counts,
		replay: (filter, origin) =>
			eachDead(filter, letters => {
				const atMs = clock.now();
				for (const letter of letters) {
					const expiresAtMs = atMs + letter.expiresMs;
					const body = {...placeOf(letter), expiresAtMs, origin};
					journal.append(null, 0, {type: 'webhook.replayed', body}, atMs);
					journal.project(() => table.revive(letter.id, atMs, expiresAtMs));
				}

				queuedCount += letters.length;
				journal.afterCommit(lanes.pump);
			}),
		purge: (filter, origin) =>
			eachDead(filter, letters => {
				const ids = letters.map(({id}) => id);
				if (ids.length === 0) return;
				journal.append(null, 0, {type: 'webhook.purged', body: {deliveries: ids, origin}}, clock.now());
				journal.project(() => {
					for (const id of ids) table.remove(id);
				});
			}),
	};
};

const placeOf = ({id, runId, workflow, workspace, stepId, item, cause, destination}: Delivery) => ({
	...{delivery: id, run: runId, workflow, workspace, step: stepId, item, cause, to: destination},
});

const outboxFull = () =>
	new AiworkflowError({
		code: 'webhook.outbox-full',
		message: `${limits.deliveriesQueuedMax} webhooks wait to be sent, the limit.`,
		suggestion: 'See where they are to go with `aiworkflow webhook deliveries --status queued`.',
		retryable: true,
	});
