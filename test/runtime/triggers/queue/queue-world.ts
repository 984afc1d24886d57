import type {Clock} from '../../../../runtime/engine/parts.ts';
import {createPausedQueues, createQueueClaims} from '../../../../runtime/store/queue-claims.ts';
import {createQueueMessagesTable} from '../../../../runtime/store/queue-messages.ts';
import type {Publication} from '../../../../runtime/triggers/queue/desk.ts';
import {createQueueRoom, type QueueRoom} from '../../../../runtime/triggers/queue/room.ts';
import {createTriggerWorld, tester} from '../trigger-world.ts';

/** The room of triggers with the source of queues, on a clock that is moved by hand, or on the real one. */
export const createQueueWorld = (systemClock?: Clock) => {
	const world = createTriggerWorld();
	if (systemClock) Object.defineProperty(world.world, 'nowMs', {get: systemClock.now});
	const timers = new Set<{readonly atMs: number; readonly callback: () => void}>();
	const clock: Clock = systemClock ?? {
		now: () => world.world.nowMs,
		at(atMs, callback) {
			const timer = {atMs, callback};
			timers.add(timer);
			return () => timers.delete(timer);
		},
	};

	return {
		...world,
		/** Moves the clock, and calls what is due. */
		advance(ms: number): void {
			world.world.nowMs += ms;
			for (const timer of [...timers]) {
				if (timer.atMs > world.world.nowMs) continue;
				timers.delete(timer);
				timer.callback();
			}
		},
		async openQueues() {
			let queues: QueueRoom | undefined;
			const daemon = await world.open((desk, {journal, database}) => {
				queues = createQueueRoom({
					messages: createQueueMessagesTable(database),
					claims: createQueueClaims(database),
					paused: createPausedQueues(database),
					journal,
					clock,
					onDefect: error => world.defects.push(error),
				});
				return [queues.sourceFor(desk)];
			});
			const {desk} = queues!;
			return {
				...daemon,
				queues: desk,
				arm: (environment: Readonly<Record<string, string>> = {}) =>
					daemon.arming.arm(world.workspace, environment, tester),
				publish: (id: string, more: Partial<Publication> = {}, queue = 'mails') =>
					desk.publish(queue, {body: {n: id}, id, priority: 'normal', ...more}),
				countsOf: async (queue = 'mails') => (await desk.status(queue))[0]?.counts,
			};
		},
	};
};
