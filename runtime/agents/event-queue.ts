/** Hands events from callbacks to one consumer, in order. Whoever fills it waits for `drained` when it is crowded. */
export interface EventQueue<Event> {
	push(event: Event): void;
	/** No more events will come. */
	close(): void;
	/** Resolves at once while there is room. */
	drained(): Promise<void>;
	[Symbol.asyncIterator](): AsyncIterator<Event>;
}

const crowdedAt = 512;

export const createEventQueue = <Event>(): EventQueue<Event> => {
	let events: Event[] = [];
	let isClosed = false;
	let wakeConsumer = () => {};
	const waiting: Array<() => void> = [];

	async function* consume() {
		for (;;) {
			const batch = events;
			events = [];
			for (const resolve of waiting.splice(0)) resolve();
			yield* batch;
			if (events.length > 0) continue;
			if (isClosed) return;
			await new Promise<void>(resolve => {
				wakeConsumer = resolve;
			});
		}
	}

	return {
		push(event) {
			events.push(event);
			wakeConsumer();
		},
		close() {
			isClosed = true;
			wakeConsumer();
			for (const resolve of waiting.splice(0)) resolve();
		},
		drained() {
			if (events.length < crowdedAt || isClosed) return Promise.resolve();
			return new Promise(resolve => {
				waiting.push(resolve);
			});
		},
		[Symbol.asyncIterator]: consume,
	};
};
