import {limits} from '../../../source/limits.ts';
import type {QueueMessagesTable} from '../../store/queue-messages.ts';
import type {TriggerDesk, TriggerSource} from '../parts.ts';
import {createQueueDesk, type QueueDesk} from './desk.ts';
import {createEmbeddedBackend} from './embedded.ts';
import {createRabbitmqBackend} from './rabbitmq.ts';
import {createRedisBackend} from './redis.ts';
import {createQueueSource, type QueueSourceParts} from './source.ts';

export interface QueueRoomParts extends Omit<QueueSourceParts, 'backends'> {
	readonly messages: QueueMessagesTable;
	readonly onDefect: (error: unknown, where: string) => void;
}

export interface QueueRoom {
	readonly desk: QueueDesk;
	/** Forgets old ids, too. */
	sourceFor(desk: TriggerDesk): TriggerSource;
}

/** Queues of this daemon, of Redis and of RabbitMQ: consumed for triggers, and there for whoever asks. */
export const createQueueRoom = ({messages, onDefect, ...parts}: QueueRoomParts): QueueRoom => {
	const {journal, clock} = parts;
	const backends = [
		createEmbeddedBackend({messages, journal, clock, onDefect}),
		createRedisBackend(clock),
		createRabbitmqBackend(clock),
	];
	const source = createQueueSource({...parts, backends});
	return {
		desk: createQueueDesk({source, messages, now: clock.now}),
		sourceFor(desk) {
			const beforeMs = clock.now() - limits.queueIdsKeptMs;
			journal.project(() => {
				messages.pruneBefore(beforeMs);
				parts.claims.pruneBefore(beforeMs);
			});
			return source.withDesk(desk);
		},
	};
};
