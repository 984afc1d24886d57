import {AiworkflowError, webhookPortTaken} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {Origin} from '../../../source/run/events.ts';
import type {Clock} from '../../engine/parts.ts';
import type {ListenAddress, WebhooksTable} from '../../store/webhooks.ts';
import type {DeskJournal} from '../desk.ts';
import type {TriggerDesk, TriggerSource} from '../parts.ts';
import {createCounts, type WebhookCounts} from './counts.ts';
import {type Listener, openListener} from './listener.ts';
import {type ArmedWebhook, type PlacedWebhook, placesOf} from './paths.ts';
import {createReception, type Reception} from './receive.ts';
import {sendSigned, type TestRequest, type TestResult} from './send.ts';

export interface WebhooksParts {
	readonly table: WebhooksTable;
	readonly journal: DeskJournal;
	readonly clock: Clock;
	readonly isDraining: () => boolean;
	readonly warn: (what: object, message: string) => void;
	readonly onDefect: (error: unknown, where: string) => void;
}

export interface ListenerState {
	/** Where it is to listen; null: nobody wants it to. */
	readonly address: ListenAddress | null;
	readonly isListening: boolean;
	/** Why it does not listen though it is to; it tries again. */
	readonly failure: string | null;
}

/** Webhooks: their paths, and the one listener that they share. */
export interface Webhooks {
	/** What arms them; made once. */
	sourceOf(desk: TriggerDesk): TriggerSource;
	/** Listens where it did before the daemon ended. Resolves too where that does not work: it is tried again. */
	begin(): Promise<void>;
	/** Listens from now on, also after a restart. @throws AiworkflowError `webhook.port-taken`. */
	start(address: ListenAddress, origin: Origin): Promise<void>;
	/** Listens no more. @returns Whether it did. */
	stopListening(origin: Origin): Promise<boolean>;
	listener(): ListenerState;
	all(): readonly (PlacedWebhook & {readonly counts: WebhookCounts | undefined})[];
	/** Signs a request as its sender would, and sends it. */
	test(armed: ArmedWebhook, request: TestRequest): Promise<TestResult>;
}

export const createWebhooks = (parts: WebhooksParts): Webhooks => {
	const {table, journal, clock, isDraining, onDefect} = parts;
	const counts = createCounts({now: clock.now, warn: parts.warn, logIntervalMs: limits.webhookLogIntervalMs});
	let placed: readonly PlacedWebhook[] = [];
	/** Those that have their path. */
	let byPath: ReadonlyMap<string, PlacedWebhook> = new Map();
	let address = table.address();
	let listener: Listener | undefined;
	let failure: string | undefined;
	let reception: Reception | undefined;
	let stopRetry: (() => void) | undefined;
	let isStopped = false;
	/** Opens and closes one after the other. */
	let turn: Promise<unknown> = Promise.resolve();

	const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
		const next = turn.then(task);
		turn = next.catch(() => undefined);
		return next;
	};

	const close = async (): Promise<void> => {
		stopRetry?.();
		stopRetry = undefined;
		reception?.endWaits();
		await listener?.close();
		listener = undefined;
	};

	const open = async (wanted: ListenAddress): Promise<Listener> =>
		openListener(wanted, {
			reception: reception!,
			onAnswer: (path, answer) => counts.note(byPath.has(path) ? path : undefined, answer),
		});

	/** After a restart somebody else may have the port for a while. */
	const openAgain = async (): Promise<void> => {
		if (!address || listener || isStopped) return;
		try {
			listener = await open(address);
			failure = undefined;
		} catch (error) {
			if (failure === undefined) parts.warn({err: error, ...address}, 'webhooks cannot be listened for');
			failure = (error as Error).message;
			stopRetry = clock.at(clock.now() + limits.webhookListenRetryMs, () => void inTurn(openAgain));
		}
	};

	const arm = (triggers: readonly ArmedWebhook[]): void => {
		const before = table.holders();
		const places = placesOf(triggers, before);
		placed = places.placed;
		byPath = new Map(
			placed.filter(({state}) => state !== 'conflict').map(place => [place.armed.trigger.path, place] as const),
		);
		const paths = new Set(byPath.keys());
		reception?.keepPaths(paths);
		counts.keep(paths);
		const isSame =
			before.size === places.holders.size && [...places.holders].every(([path, key]) => before.get(path) === key);
		if (!isSame) journal.project(() => table.writeHolders(places.holders));
	};

	return {
		sourceOf(desk) {
			reception = createReception({desk, clock, placeAt: path => byPath.get(path), isDraining, onDefect});
			return {
				kind: 'webhook',
				arm: triggers => arm(triggers as readonly ArmedWebhook[]),
				stop: () =>
					inTurn(async () => {
						isStopped = true;
						await close();
					}),
			};
		},
		begin: () => inTurn(openAgain),
		start: (wanted, origin) =>
			inTurn(async () => {
				const isSame = address?.host === wanted.host && address.port === wanted.port;
				if (isSame && listener) return;
				// The new one first: where it cannot listen, everything stays as it is.
				const isOwnPort = listener !== undefined && address?.port === wanted.port && wanted.port !== 0;
				if (isOwnPort) await close();
				let opened: Listener;
				try {
					opened = await open(wanted);
				} catch (error) {
					if (isOwnPort) await openAgain();
					throw webhookPortTaken(wanted.host, wanted.port, error as NodeJS.ErrnoException);
				}

				await close();
				listener = opened;
				failure = undefined;
				address = {host: wanted.host, port: opened.port};
				const {host, port} = address;
				journal.append(null, 0, {type: 'webhooks.started', body: {host, port, origin}}, clock.now());
				journal.project(() => table.writeAddress({host, port}, clock.now()));
				await journal.durable();
			}),
		stopListening: origin =>
			inTurn(async () => {
				if (!address) return false;
				await close();
				address = undefined;
				failure = undefined;
				journal.append(null, 0, {type: 'webhooks.stopped', body: {origin}}, clock.now());
				journal.project(() => table.removeAddress());
				await journal.durable();
				return true;
			}),
		listener: () => ({address: address ?? null, isListening: listener !== undefined, failure: failure ?? null}),
		all: () => placed.map(place => ({...place, counts: countsOf(place)})),
		test(armed, request) {
			if (!address || !listener) throw notListening();
			return sendSigned(address, armed, request, clock.now());
		},
	};

	function countsOf({armed, state}: PlacedWebhook): WebhookCounts | undefined {
		return state === 'conflict' ? undefined : counts.of(armed.trigger.path);
	}
};

const notListening = () =>
	new AiworkflowError({
		code: 'webhook.not-listening',
		message: 'Nothing listens for webhooks.',
		suggestion: 'Turn it on with `aiworkflow webhook start`.',
	});
