import type {Expression, Overlap, UsesStep} from './definition.ts';
import type {QueueBackendKind} from './queues.ts';

/** What starts a run by itself: the `on:` of a file, read. Plain JSON, like the rest of a definition. */
export type Trigger = ScheduleTrigger | WebhookTrigger | FilesTrigger | QueueTrigger | EventTrigger | RunTrigger;
export type TriggerKind = Trigger['kind'];

export const triggerKinds = ['schedule', 'webhook', 'files', 'queue', 'event', 'run'] as const;

interface TriggerBase {
	/** Names it within its file: its kind, and from the second of a kind on a number: `schedule-2`. */
	readonly id: string;
	/** 1-based line in the file. */
	readonly line: number;
	/** Only what this is true for starts a run; it reads `trigger`. */
	readonly if?: Expression;
	/** The inputs of the run; they read `trigger`. */
	readonly with: UsesStep['with'];
}

export interface ScheduleTrigger extends TriggerBase {
	readonly kind: 'schedule';
	/** Five fields, six with seconds first, or `@daily` and the like. */
	readonly cron: string;
	/** IANA name; missing: the machine's own. */
	readonly timezone?: string;
	/** While a run of this trigger is still open. */
	readonly overlap: Overlap;
	/** Of what was missed while no daemon ran or the machine slept. */
	readonly catchUp: 'one' | 'all' | 'skip';
}

export interface WebhookTrigger extends TriggerBase {
	readonly kind: 'webhook';
	/** Begins with a slash. */
	readonly path: string;
	/** Name of the secret that signs; missing only with `auth: none`. */
	readonly secretName?: string;
	/** How a request is signed. */
	readonly style: 'github' | 'stripe' | 'slack' | 'generic';
	readonly methods: readonly ('POST' | 'PUT' | 'PATCH' | 'GET')[];
	/** `accepted`: 202 with the id of the run at once. `wait`: the outputs of the run, when it has ended. */
	readonly respond: 'accepted' | 'wait';
}

export interface FilesTrigger extends TriggerBase {
	readonly kind: 'files';
	/** Globs from the workspace. */
	readonly paths: readonly string[];
	readonly ignore: readonly string[];
	readonly events: readonly FileEvent[];
	/** A file counts when neither its size nor the moment it was written has changed for so long. */
	readonly settleMs: number;
	/** All files are looked at every so often, instead of being watched. */
	readonly pollMs?: number;
	/** `each`: a run for each file. `all`: one run for what changes within `debounceMs` of one another. */
	readonly batch: 'each' | 'all';
	readonly debounceMs: number;
	readonly overlap: Overlap;
}

export const fileEvents = ['add', 'change', 'unlink', 'move'] as const;
export type FileEvent = (typeof fileEvents)[number];

export interface QueueTrigger extends TriggerBase {
	readonly kind: 'queue';
	readonly name: string;
	readonly backend: QueueBackendKind;
	/** Name of the secret with the address of the server: `redis://…`, `amqp://…`. Missing: this machine's default port. */
	readonly urlSecretName?: string;
	/** Messages worked on at once. */
	readonly concurrency: number;
	/** Runs that fail are tried again so often; after that the message is a dead letter. */
	readonly retries: number;
	readonly retryDelayMs: number;
	/** A message whose run has not ended by then counts as failed. */
	readonly visibilityMs: number;
}

export interface EventTrigger extends TriggerBase {
	readonly kind: 'event';
	/** As in `aiworkflow emit <name>`. */
	readonly name: string;
}

export interface RunTrigger extends TriggerBase {
	readonly kind: 'run';
	/** Name of the workflow whose run ended. */
	readonly workflow: string;
	readonly statuses: readonly ('completed' | 'failed' | 'cancelled')[];
}

/** Secrets that the triggers of a file need, whatever its runs need. */
export const triggerSecretNamesOf = (triggers: readonly Trigger[]): string[] => [
	...new Set(
		triggers.flatMap(trigger => {
			if (trigger.kind === 'webhook') return trigger.secretName ?? [];
			return trigger.kind === 'queue' ? (trigger.urlSecretName ?? []) : [];
		}),
	),
];
