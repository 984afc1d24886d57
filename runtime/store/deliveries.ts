import type {Failure} from '../../source/errors.ts';
import type {OutgoingRequest} from '../../source/workflow/outgoing.ts';
import type {Delivery, DeliveryFilter, DeliveryStatus} from '../outbox/parts.ts';
import type {Database} from './database.ts';

/** The outbox: what is to be sent, what was, and what was given up. A request in it names secrets and holds none. */
export const createDeliveriesTable = (database: Database) => {
	const upsert = database.prepare(
		`INSERT INTO deliveries (id, run_id, workflow, workspace, step_id, item, cause, destination, request, status,
			queued_at_ms, next_at_ms, expires_at_ms, expires_ms, tries, tries_max, replays)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?, 0, ?, 0)
		ON CONFLICT (id) DO UPDATE SET status = 'queued', destination = excluded.destination, request = excluded.request,
			next_at_ms = excluded.next_at_ms, expires_at_ms = excluded.expires_at_ms, expires_ms = excluded.expires_ms,
			tries = 0, tries_max = excluded.tries_max, replays = replays + 1, settled_at_ms = NULL
		WHERE deliveries.status = 'dead'`,
	);
	const select = database.prepare('SELECT * FROM deliveries WHERE id = ?');
	const defer = database.prepare(
		'UPDATE deliveries SET tries = ?, next_at_ms = ?, http_status = ?, failure = ? WHERE id = ?',
	);
	const settle = database.prepare(
		`UPDATE deliveries SET status = ?1, tries = ?2, settled_at_ms = ?3, http_status = ?4, failure = ?5,
			request = CASE ?1 WHEN 'delivered' THEN NULL ELSE request END WHERE id = ?6`,
	);
	const revive = database.prepare(
		`UPDATE deliveries SET status = 'queued', tries = 0, next_at_ms = ?, expires_at_ms = ?, settled_at_ms = NULL,
			replays = replays + 1 WHERE id = ? AND status = 'dead'`,
	);
	const remove = database.prepare("DELETE FROM deliveries WHERE id = ? AND status = 'dead'");
	const prune = database.prepare("DELETE FROM deliveries WHERE status = 'delivered' AND settled_at_ms < ?");
	// Each destination is found by itself: a long queue of one of them is never walked through.
	const destinations = database.prepare(
		`WITH RECURSIVE each(name) AS (
			SELECT min(destination) FROM deliveries WHERE status = 'queued'
			UNION ALL
			SELECT (SELECT min(destination) FROM deliveries WHERE status = 'queued' AND destination > each.name)
			FROM each WHERE each.name IS NOT NULL
		)
		SELECT name, (SELECT min(next_at_ms) FROM deliveries WHERE status = 'queued' AND destination = name) AS nextAtMs
		FROM each WHERE name IS NOT NULL ORDER BY nextAtMs`,
	);
	const firstOf = database.prepare(
		"SELECT * FROM deliveries WHERE status = 'queued' AND destination = ? ORDER BY next_at_ms LIMIT ?",
	);
	const counts = database.prepare('SELECT status, count(*) AS n FROM deliveries GROUP BY status');
	const where = `(?1 IS NULL OR status = ?1) AND (?2 IS NULL OR workflow = ?2) AND (?3 IS NULL OR run_id = ?3)
		AND (?4 IS NULL OR EXISTS (SELECT 1 FROM json_each(?4) WHERE substr(deliveries.id, 1, length(value)) = value))`;
	const list = database.prepare(`SELECT ${light} FROM deliveries WHERE ${where} ORDER BY position DESC LIMIT ?5`);
	const ids = database.prepare(`SELECT id FROM deliveries WHERE ${where} ORDER BY position`);
	const seen = database.prepare('SELECT cursor FROM notifications_seen WHERE one = 1');
	const saveSeen = database.prepare(
		'INSERT INTO notifications_seen (one, cursor) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET cursor = excluded.cursor',
	);
	const deliveriesOf = (rows: unknown[]) => (rows as unknown as Row[]).map(deliveryOf);
	const filtered = ({status, workflow, runId, ids}: DeliveryFilter) =>
		[status ?? null, workflow ?? null, runId ?? null, ids ? JSON.stringify(ids) : null] as const;
	return {
		/** Call inside a commit. One that is there already stays as it is, unless it was given up. */
		write(delivery: Delivery): void {
			const {id, runId, workflow, workspace, stepId, item, cause, destination, request} = delivery;
			const {queuedAtMs, nextAtMs, expiresAtMs, expiresMs, triesMax} = delivery;
			upsert.run(
				...[id, runId, workflow, workspace, stepId ?? null, item ?? null, cause ?? null],
				...[destination, JSON.stringify(request), queuedAtMs, nextAtMs, expiresAtMs, expiresMs, triesMax],
			);
		},
		/** Call inside a commit. */
		defer(id: string, {tries, nextAtMs, httpStatus, failure}: Pick<Delivery, 'tries' | 'nextAtMs'> & Ending): void {
			defer.run(tries, nextAtMs, httpStatus ?? null, failure ? JSON.stringify(failure) : null, id);
		},
		/** Call inside a commit. */
		settle(id: string, status: 'delivered' | 'dead', ending: Ending & {tries: number; atMs: number}): void {
			const {tries, atMs, httpStatus, failure} = ending;
			settle.run(status, tries, atMs, httpStatus ?? null, failure ? JSON.stringify(failure) : null, id);
		},
		/** Call inside a commit. */
		revive(id: string, nextAtMs: number, expiresAtMs: number): void {
			revive.run(nextAtMs, expiresAtMs, id);
		},
		/** Call inside a commit. */
		remove(id: string): void {
			remove.run(id);
		},
		/** Call inside a commit: of those that were delivered before. */
		forgetBefore(atMs: number): void {
			prune.run(atMs);
		},
		read: (id: string): Delivery | undefined => deliveriesOf([select.get(id)].filter(Boolean))[0],
		/** What has something queued, that whose turn comes first before the others. */
		destinations: () => destinations.all() as unknown as {readonly name: string; readonly nextAtMs: number}[],
		/** The next ones of a destination, those that are not due yet included. */
		firstOf: (destination: string, limit: number): Delivery[] => deliveriesOf(firstOf.all(destination, limit)),
		counts(): Readonly<Record<DeliveryStatus, number>> {
			const found = Object.fromEntries(
				(counts.all() as {status: string; n: number}[]).map(({status, n}) => [status, n]),
			);
			return {queued: 0, delivered: 0, dead: 0, ...found};
		},
		/** The oldest first. */
		ids: (filter: DeliveryFilter): string[] => (ids.all(...filtered(filter)) as {id: string}[]).map(({id}) => id),
		/** The newest first, without what is sent. */
		list: (filter: DeliveryFilter, limit: number): Delivery[] => deliveriesOf(list.all(...filtered(filter), limit)),
		/** Cursor of the last event that notifications were made of; `undefined`: of none ever. */
		seen: (): number | undefined => (seen.get() as {cursor: number} | undefined)?.cursor,
		/** Call inside a commit. */
		saveSeen: (cursor: number): void => {
			saveSeen.run(cursor);
		},
	};
};

/** All but the request: there may be many, and each may be large. */
const light = `id, run_id, workflow, workspace, step_id, item, cause, destination, NULL AS request, status, queued_at_ms,
	next_at_ms, expires_at_ms, expires_ms, tries, tries_max, replays, settled_at_ms, http_status, failure`;

interface Ending {
	readonly httpStatus?: number;
	readonly failure?: Failure;
}

export type DeliveriesTable = ReturnType<typeof createDeliveriesTable>;

interface Row {
	readonly id: string;
	readonly run_id: string;
	readonly workflow: string;
	readonly workspace: string;
	readonly step_id: string | null;
	readonly item: number | null;
	readonly cause: string | null;
	readonly destination: string;
	readonly request: string | null;
	readonly status: string;
	readonly queued_at_ms: number;
	readonly next_at_ms: number;
	readonly expires_at_ms: number;
	readonly expires_ms: number;
	readonly tries: number;
	readonly tries_max: number;
	readonly replays: number;
	readonly settled_at_ms: number | null;
	readonly http_status: number | null;
	readonly failure: string | null;
}

const deliveryOf = (row: Row): Delivery => ({
	...{id: row.id, runId: row.run_id, workflow: row.workflow, workspace: row.workspace},
	...(row.step_id !== null && {stepId: row.step_id}),
	...(row.item !== null && {item: row.item}),
	...(row.cause !== null && {cause: row.cause}),
	destination: row.destination,
	...(row.request !== null && {request: JSON.parse(row.request) as OutgoingRequest}),
	status: row.status as DeliveryStatus,
	...{queuedAtMs: row.queued_at_ms, nextAtMs: row.next_at_ms, expiresAtMs: row.expires_at_ms},
	...{expiresMs: row.expires_ms, tries: row.tries, triesMax: row.tries_max, replays: row.replays},
	...(row.settled_at_ms !== null && {settledAtMs: row.settled_at_ms}),
	...(row.http_status !== null && {httpStatus: row.http_status}),
	...(row.failure !== null && {failure: JSON.parse(row.failure) as Failure}),
});
