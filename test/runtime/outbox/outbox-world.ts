import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';
import {createOutbox} from '../../../runtime/outbox/outbox.ts';
import type {NewDelivery} from '../../../runtime/outbox/parts.ts';
import {openDatabase} from '../../../runtime/store/database.ts';
import {createDeliveriesTable} from '../../../runtime/store/deliveries.ts';
import {createJournal} from '../../../runtime/store/journal.ts';
import {createRunEnvironments} from '../../../runtime/store/run-environments.ts';
import type {JournalEvent} from '../../../source/run/events.ts';
import {until} from '../../sessions/session.ts';

/** A real outbox with a real journal, real files and real requests, on a clock of its own, over as many daemons as a test likes. */
export const createOutboxWorld = () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-outbox-'));
	const environments = createRunEnvironments(folder);
	environments.save('run1', {environment: {}, secrets: {TOKEN: 'a-very-secret-token', KEY: 'the-signing-key'}});
	const timers = new Set<{readonly atMs: number; readonly callback: () => void}>();
	let nowMs = Date.UTC(2026, 10, 21, 12);
	const clock = {
		now: () => nowMs,
		at(atMs: number, callback: () => void) {
			const timer = {atMs, callback};
			timers.add(timer);
			return () => timers.delete(timer);
		},
	};
	const events: JournalEvent[] = [];
	const defects: unknown[] = [];
	const closes = new Set<() => void>();

	/** @param random Where in the time that it may wait each try comes. Default: at the end of it. */
	const open = ({random = 1}: {readonly random?: number} = {}) => {
		const database = openDatabase(path.join(folder, 'journal.db'));
		let isPlugged = true;
		const journal = createJournal(database, {
			file: 'journal.db',
			beforeCommit() {
				if (!isPlugged) throw new Error('the plug was pulled');
			},
			onCommit: committed => events.push(...committed),
		});
		const table = createDeliveriesTable(database);
		const outbox = createOutbox({
			...{table, journal, clock, environments, random: () => random},
			onDefect: error => defects.push(error),
		});
		const close = () => {
			if (!closes.delete(close)) return;
			outbox.stop();
			timers.clear();
			journal.flush();
			database.close();
		};

		closes.add(close);
		return {
			...{outbox, journal, table},
			/** Nothing is committed any more. */
			pullThePlug() {
				isPlugged = false;
			},
			close,
		};
	};

	onTestFinished(() => {
		for (const close of closes) close();
		rmSync(folder, {recursive: true, force: true});
	});
	return {
		...{open, events, defects, clock, folder},
		timers: () => [...timers].map(({atMs}) => atMs - nowMs),
		/** Lets time pass; calls back what is due. */
		advance(ms: number) {
			nowMs += ms;
			for (const timer of [...timers]) {
				if (timer.atMs <= nowMs && timers.delete(timer)) timer.callback();
			}
		},
		/** Waits for so many events of a type. */
		happened: (type: JournalEvent['type'], count = 1) =>
			until(`${count} ${type}`, () => events.filter(event => event.type === type).length >= count),
		typesOf: () => events.map(({type}) => type),
		/** Everything that the database has on the disk. */
		bytes: () =>
			['journal.db', 'journal.db-wal'].map(name => readFileSync(path.join(folder, name), 'latin1')).join('\n'),
	};
};

export const deliveryTo = (url: string, more: Partial<NewDelivery> & {readonly id?: string} = {}): NewDelivery => ({
	...{id: 'msg_1', runId: 'run1', workflow: 'deploy', workspace: '/work', stepId: 'notify'},
	request: {url: [url], method: 'POST', headers: {'content-type': ['application/json']}, body: '{"n":1}'},
	...more,
});
