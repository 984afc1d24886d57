import type {JournalEvent} from '../../source/run/events.ts';

export type Subscriber = (events: readonly JournalEvent[]) => void;

/** Hands each commit's events to whoever listens, after they are durable. A subscriber that throws is left out. */
export const createBus = (onDefect: (error: unknown) => void) => {
	const subscribers = new Set<Subscriber>();
	return {
		publish(events: readonly JournalEvent[]): void {
			for (const subscriber of subscribers) {
				try {
					subscriber(events);
				} catch (error) {
					subscribers.delete(subscriber);
					onDefect(error);
				}
			}
		},
		/** @returns A function that ends the subscription. */
		subscribe(subscriber: Subscriber): () => void {
			subscribers.add(subscriber);
			return () => subscribers.delete(subscriber);
		},
	};
};

export type Bus = ReturnType<typeof createBus>;
