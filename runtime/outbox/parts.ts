import type {Failure} from '../../source/errors.ts';
import type {OutgoingRequest} from '../../source/workflow/outgoing.ts';

/** Where an outgoing webhook comes from. */
export interface DeliveryPlace {
	/** What its receiver knows it by: the same on every try. */
	readonly id: string;
	readonly runId: string;
	readonly workflow: string;
	readonly workspace: string;
	/** Missing for a notification. */
	readonly stepId?: string;
	readonly item?: number;
	/** The event that a notification tells of. */
	readonly cause?: string;
}

/** What is handed to the outbox. */
export interface NewDelivery extends DeliveryPlace {
	readonly request: OutgoingRequest;
	/** Default: `limits.deliveryExpiresMs`. */
	readonly expiresMs?: number;
	/** Default: `limits.deliveryTries`. */
	readonly triesMax?: number;
}

/** `dead`: it was given up, and waits for a person. */
export type DeliveryStatus = 'queued' | 'delivered' | 'dead';

/** A row of the outbox. */
export interface Delivery extends DeliveryPlace {
	/** What may be shown of where it goes; those of one destination share its connections. */
	readonly destination: string;
	/** Gone once it is delivered. */
	readonly request?: OutgoingRequest;
	readonly status: DeliveryStatus;
	/** Moments are Unix milliseconds. */
	readonly queuedAtMs: number;
	readonly nextAtMs: number;
	readonly expiresAtMs: number;
	readonly expiresMs: number;
	/** Since it was queued, or replayed last. */
	readonly tries: number;
	readonly triesMax: number;
	readonly replays: number;
	readonly settledAtMs?: number;
	/** Of the last answer. */
	readonly httpStatus?: number;
	/** Of the last try. */
	readonly failure?: Failure;
}

/** All that are given must fit. */
export interface DeliveryFilter {
	readonly status?: DeliveryStatus;
	/** Beginnings of ids. */
	readonly ids?: readonly string[];
	readonly workflow?: string;
	readonly runId?: string;
}
