import type {Priority, QueueBackendKind} from '../../../source/workflow/queues.ts';

/** A message, wherever it waits. */
export interface QueueMessage {
	/** Of the message, not of its place: the same however often it is delivered. */
	readonly id: string;
	/** JSON. */
	readonly body: unknown;
	readonly priority: Priority;
	/** From 1; how often a run was, or is to be, tried for it since it was published or replayed. */
	readonly attempt: number;
	/** How often it came back from the dead letters. */
	readonly replays: number;
	/** Unix milliseconds; after it a message whose first run has not begun is a dead letter. */
	readonly expiresAtMs?: number;
}

export interface NewMessage {
	readonly id: string;
	readonly body: unknown;
	readonly priority: Priority;
	readonly expiresAtMs?: number;
}

export interface DeadLetter extends QueueMessage {
	readonly reason: string;
	/** Unix milliseconds. */
	readonly diedAtMs?: number;
}

/** What is to become of a message that was delivered. */
export type Verdict =
	/** Its run ended well, or none was wanted: it goes. */
	| {readonly kind: 'done'}
	/** It is delivered again as its next attempt. */
	| {readonly kind: 'retry'; readonly delayMs: number; readonly reason: string}
	| {readonly kind: 'dead'; readonly reason: string}
	/** It goes back as it was: this daemon does not work on it any more. */
	| {readonly kind: 'release'};

export interface ConsumeOptions {
	readonly queue: string;
	/** Messages delivered and without a verdict. */
	readonly concurrency: number;
	/** Never rejects. The same message may come again as long as it has no verdict. */
	readonly deliver: (message: QueueMessage, signal: AbortSignal) => Promise<Verdict>;
	readonly onState: (state: ConnectionState) => void;
}

export interface ConnectionState {
	/** `waiting`: it went away, or was never there, and is tried again. */
	readonly status: 'connecting' | 'connected' | 'waiting';
	readonly detail?: string;
	/** Unix milliseconds. */
	readonly retryAtMs?: number;
}

export interface Consumer {
	/** Takes no more, gives back what has no verdict, and resolves when nothing of it is left. */
	stop(): Promise<void>;
}

export interface QueueCounts {
	/** To be delivered now. */
	readonly ready: number;
	/** Waiting for their next attempt. */
	readonly delayed: number;
	/** Delivered and without a verdict, here and wherever else the server knows of; `null`: it does not say. */
	readonly working: number | null;
	readonly dead: number;
}

/** Where queues live. Everything of it rejects with an `AiworkflowError` where the server cannot be reached. */
export interface QueueServer {
	consume(options: ConsumeOptions): Consumer;
	/** Durable, as far as the server is, when it resolves. @returns Whether a message of this id is known there. */
	publish(queue: string, message: NewMessage): Promise<{readonly isKnown: boolean}>;
	/** @param delaysMs Of the triggers that consume it: some servers keep each delay in a place of its own. */
	counts(queue: string, delaysMs: readonly number[]): Promise<QueueCounts>;
	/** The oldest first. */
	dead(queue: string, countMax: number): Promise<readonly DeadLetter[]>;
	/** Puts dead letters back, all or those of these ids, as first attempts. @returns How many. */
	replay(queue: string, ids: readonly string[] | undefined): Promise<number>;
	/** Removes what waits, or the dead letters; what is worked on stays. @returns How many. */
	purge(queue: string, what: 'waiting' | 'dead', delaysMs: readonly number[]): Promise<number>;
}

export interface QueueBackend {
	readonly kind: QueueBackendKind;
	/** Connects to nothing yet. @param url `undefined`: this machine's default port. */
	at(url: string | undefined): QueueServer;
}
