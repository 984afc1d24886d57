import path from 'node:path';
import {maskText} from '../../source/mask.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';
import {runSummaryViewOf} from '../../source/run/views.ts';
import {
	type NotificationSettings,
	type NotifiedEvent,
	notifiedEvents,
} from '../../source/workflow/settings/notifications.ts';
import type {DeliveriesTable} from '../store/deliveries.ts';
import type {EventReader} from '../store/events.ts';
import type {Journal} from '../store/journal.ts';
import type {Outbox} from './outbox.ts';
import {deliveryIdOf} from './sign.ts';

export interface NotificationsParts {
	readonly outbox: Pick<Outbox, 'queue'>;
	readonly table: Pick<DeliveriesTable, 'seen' | 'saveSeen'>;
	readonly journal: Journal;
	readonly events: Pick<EventReader, 'after'>;
	/** Of a workspace and of the user. @throws AiworkflowError `settings.invalid`. */
	readonly notificationsOf: (workspace: string) => Promise<readonly NotificationSettings[]>;
	readonly runOf: (id: string) => RunState | undefined;
	readonly secretsOf: (runId: string) => readonly string[];
	/** Hears of what was journalled, after it is durable. @returns A function that ends that. */
	readonly subscribe: (listener: (events: readonly JournalEvent[]) => void) => () => void;
	readonly onDefect: (error: unknown, where: string) => void;
}

/**
 * Tells those that settings name of what happens in runs, through the outbox. How far the journal was looked through is
 * committed together with what was queued: a daemon that is killed in between tells it when it is back, once.
 */
export const createNotifications = (parts: NotificationsParts) => {
	const {outbox, table, journal, events, notificationsOf, runOf, secretsOf, onDefect} = parts;
	let isStopped = false;
	let seen = 0;
	/** One after the other: how far it was looked through says what is done. */
	let last: Promise<void> = Promise.resolve();

	const look = async (event: TellableEvent): Promise<void> => {
		if (isStopped || journal.failure || event.cursor <= seen) return;
		const run = runOf(event.runId);
		const wanted = run && isTold(event, run) ? await wantedOf(run, event) : [];
		if (isStopped || journal.failure) return;
		for (const settings of wanted) {
			const body = JSON.stringify(documentOf(event, run!, secretsOf(run!.id)));
			outbox.queue({
				id: deliveryIdOf(event.runId, event.cursor, JSON.stringify([settings.url, settings.headers])),
				...{runId: event.runId, workflow: run!.workflow.name, workspace: run!.workspace, cause: event.type},
				request: {
					...{url: settings.url, method: 'POST', body, event: event.type},
					headers: {'content-type': ['application/json'], ...settings.headers},
					...(settings.secretName !== undefined && {secretName: settings.secretName}),
				},
			});
		}

		seen = event.cursor;
		if (wanted.length > 0) journal.project(() => table.saveSeen(event.cursor));
	};

	const wantedOf = async (run: RunState, {type}: TellableEvent) =>
		(await notificationsOf(run.workspace)).filter(
			({on, workflows}) =>
				on.includes(type) &&
				(workflows.length === 0 || workflows.some(glob => path.matchesGlob(run.workflow.name, glob))),
		);

	const lookAt = (batch: readonly JournalEvent[]) => {
		for (const event of batch) {
			if (!isTellable(event)) continue;
			last = last.then(() => look(event)).catch(error => onDefect(error, `telling of ${event.type}`));
		}
	};

	let unsubscribe = () => {};
	return {
		/** Takes up what happened since the last daemon looked. What happened before there was any looking is not told. */
		begin(): void {
			const before = table.seen();
			seen = before ?? journal.cursor;
			if (before === undefined) journal.project(() => table.saveSeen(seen));
			for (let cursor = seen; cursor < journal.cursor; ) {
				const page = events.after(cursor, pageEvents);
				if (page.length === 0) break;
				lookAt(page);
				cursor = page.at(-1)!.cursor;
			}

			unsubscribe = parts.subscribe(lookAt);
		},
		stop(): void {
			isStopped = true;
			unsubscribe();
			if (!journal.failure) journal.project(() => table.saveSeen(seen));
		},
	};
};

const pageEvents = 1000;

type TellableEvent = JournalEvent & {readonly type: NotifiedEvent; readonly runId: string};

const isTellable = (event: JournalEvent): event is TellableEvent =>
	event.runId !== null && notifiedEvents.some(type => type === event.type);

/** A sub-workflow is a step of another run; what a replay does must not reach anybody; what is answered needs nobody. */
const isTold = ({type, body}: TellableEvent, run: RunState): boolean => {
	if (run.agents?.[0] === 'replay') return false;
	if (type === 'approval.requested') return run.approvals[body.approvalId]?.status === 'open';
	return !run.parent || !type.startsWith('run.');
};

/** What is sent: what a person needs to know what to look at, and nothing that a step put out. */
const documentOf = ({type, atMs, body}: TellableEvent, run: RunState, secrets: readonly string[]) => {
	const masked = (text: string) => maskText(text, secrets);
	const {id, number, workflow, status, startedAt, endedAt, costUsd} = runSummaryViewOf(run);
	return {
		type,
		timestamp: new Date(atMs).toISOString(),
		data: {
			run: {...{id, number, workflow, workspace: run.workspace, status, startedAt, endedAt, costUsd}},
			...('stepId' in body && {step: body.stepId}),
			...(type === 'run.failed' && {failure: {code: body.failure.code, message: masked(body.failure.message)}}),
			...(type === 'run.cancelled' && {reason: masked(body.reason)}),
			...(type === 'run.paused' && {reason: masked(body.reason)}),
			...(type === 'approval.requested' && {
				approval: {id: body.approvalId, kind: body.kind, question: masked(body.question)},
			}),
			...((type === 'budget.alerted' || type === 'budget.exceeded') && {
				budget: {...body.budget, limit: body.limit, spent: body.spent},
			}),
		},
	};
};
