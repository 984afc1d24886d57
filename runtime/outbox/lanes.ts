import {limits} from '../../source/limits.ts';
import type {Clock} from '../engine/parts.ts';
import type {DeliveriesTable} from '../store/deliveries.ts';
import type {Delivery} from './parts.ts';

export interface LanesParts {
	readonly table: Pick<DeliveriesTable, 'destinations' | 'firstOf'>;
	readonly clock: Clock;
	/** Resolves when what came of it is durable. */
	readonly send: (delivery: Delivery) => Promise<void>;
	readonly isOver: () => boolean;
	readonly onDefect: (error: unknown, where: string) => void;
}

/**
 * Decides what is sent next: a few at once to each destination, so that one that is slow holds up itself alone. Nothing
 * that waits is in memory; one timer stands for all of it.
 */
export const createLanes = ({table, clock, send, isOver, onDefect}: LanesParts) => {
	/** Ids of what is being sent, by destination. */
	const sending = new Map<string, Set<string>>();
	let sendingCount = 0;
	let isScheduled = false;
	let cancelTimer: (() => void) | undefined;

	const begin = (delivery: Delivery) => {
		const {id, destination} = delivery;
		sendingCount++;
		sending.set(destination, (sending.get(destination) ?? new Set()).add(id));
		send(delivery)
			.catch(error => onDefect(error, `delivery ${id}`))
			.finally(() => {
				sendingCount--;
				const ids = sending.get(destination)!;
				ids.delete(id);
				if (ids.size === 0) sending.delete(destination);
				pump();
			});
	};

	/** Sends what is due of a destination. @returns When the next one of it is, where there is room for it. */
	const look = (destination: string): number | undefined => {
		const busy = sending.get(destination) ?? new Set<string>();
		const free = Math.min(limits.deliveriesPerHostMax - busy.size, limits.deliveriesSendingMax - sendingCount);
		// Whatever takes the room leads here again when it is done.
		if (free <= 0) return undefined;
		const next = table.firstOf(destination, busy.size + free).filter(({id}) => !busy.has(id));
		const nowMs = clock.now();
		for (const delivery of next.slice(0, free)) {
			if (delivery.nextAtMs > nowMs) return delivery.nextAtMs;
			begin(delivery);
		}

		return undefined;
	};

	const run = () => {
		isScheduled = false;
		if (isOver()) return;
		cancelTimer?.();
		cancelTimer = undefined;
		const nowMs = clock.now();
		let wakeAtMs = Number.POSITIVE_INFINITY;
		for (const {name, nextAtMs} of table.destinations()) {
			// They are in the order of their moments.
			if (nextAtMs > nowMs && nextAtMs >= wakeAtMs) break;
			wakeAtMs = Math.min(wakeAtMs, look(name) ?? Number.POSITIVE_INFINITY);
		}

		if (Number.isFinite(wakeAtMs)) cancelTimer = clock.at(wakeAtMs, pump);
	};

	const pump = () => {
		if (isScheduled || isOver()) return;
		isScheduled = true;
		setImmediate(() => {
			try {
				run();
			} catch (error) {
				onDefect(error, 'the outbox');
			}
		});
	};

	return {
		pump,
		stop() {
			cancelTimer?.();
		},
	};
};
