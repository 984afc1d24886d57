import {copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll, beforeAll, expect, test} from 'vitest';
import {openDatabase} from '../../runtime/store/database.ts';
import {createEventReader} from '../../runtime/store/events.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {inTemporaryFolder, openEngine, sequenceOf} from '../bench/engine-under-test.ts';
import {createRandom, type Random} from '../simulation/random.ts';

const images = process.env.AIWORKFLOW_PROOF === 'full' ? 300 : 40;

let folder: string;
let truth: readonly JournalEvent[];

/** A journal whose last commits are only in its WAL, as a daemon that was killed leaves it. */
beforeAll(async () => {
	folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-wal-'));
	await inTemporaryFolder(async original => {
		const {run, engine} = openEngine(original);
		for (let index = 0; index < 12; index++) await run(sequenceOf('wal', 4));
		for (const suffix of ['', '-wal']) {
			copyFileSync(path.join(original, `journal.db${suffix}`), path.join(folder, `journal.db${suffix}`));
		}

		engine.stop();
	});
	truth = read(folder);
});
afterAll(() => rmSync(folder, {recursive: true, force: true}));

const read = (place: string): JournalEvent[] => {
	const copy = mkdtempSync(path.join(tmpdir(), 'aiworkflow-wal-copy-'));
	try {
		for (const suffix of ['', '-wal']) {
			copyFileSync(path.join(place, `journal.db${suffix}`), path.join(copy, `journal.db${suffix}`));
		}

		const database = openDatabase(path.join(copy, 'journal.db'));
		const events = createEventReader(database).after(0, 1_000_000);
		database.close();
		return events;
	} finally {
		rmSync(copy, {recursive: true, force: true});
	}
};

const damages: Readonly<Record<string, (file: string, random: Random) => void>> = {
	torn: (file, random) => truncateSync(file, random.between(0, readFileSync(file).length)),
	zeroed: (file, random) => overwrite(file, random, length => Buffer.alloc(length)),
	garbled: (file, random) =>
		overwrite(file, random, length => Buffer.from(Array.from({length}, () => random.between(0, 255)))),
};

const overwrite = (file: string, random: Random, make: (length: number) => Buffer) => {
	const bytes = readFileSync(file);
	const length = Math.min(random.between(1, 8192), bytes.length);
	make(length).copy(bytes, random.between(0, bytes.length - length));
	writeFileSync(file, bytes);
};

test.each(Object.keys(damages))(
	'a %s WAL gives a beginning of the truth, never anything else',
	{
		timeout: 120_000,
	},
	kind => {
		let shortened = 0;
		for (let seed = 1; seed <= images / Object.keys(damages).length; seed++) {
			const place = mkdtempSync(path.join(tmpdir(), 'aiworkflow-wal-damaged-'));
			for (const suffix of ['', '-wal']) {
				copyFileSync(path.join(folder, `journal.db${suffix}`), path.join(place, `journal.db${suffix}`));
			}

			damages[kind]!(path.join(place, 'journal.db-wal'), createRandom(seed));
			const events = read(place);
			expect(events, `${kind} ${seed}`).toEqual(truth.slice(0, events.length));
			if (events.length < truth.length) shortened++;
			rmSync(place, {recursive: true, force: true});
		}

		expect(truth.length).toBeGreaterThan(100);
		expect(shortened).toBeGreaterThan(0);
	},
);

test('a damaged main file is refused with the way to restore it, and left as it is', () => {
	for (const damage of ['garbled', 'cut', 'another program'] as const) {
		const place = mkdtempSync(path.join(tmpdir(), 'aiworkflow-main-'));
		const file = path.join(place, 'journal.db');
		copyFileSync(path.join(folder, 'journal.db'), file);
		// All of it in the main file, so that the damage hits what is in use.
		copyFileSync(path.join(folder, 'journal.db-wal'), `${file}-wal`);
		openDatabase(file).close();
		const bytes = readFileSync(file);
		if (damage === 'garbled') bytes.fill(0xa5, 4096, 4096 * 3);
		const damaged =
			damage === 'cut'
				? bytes.subarray(0, 5000)
				: damage === 'another program'
					? Buffer.from('#!/bin/sh\n'.repeat(500))
					: bytes;
		writeFileSync(file, damaged);
		expect(() => openDatabase(file), damage).toThrow(
			expect.objectContaining({code: 'journal.corrupted', suggestion: expect.stringContaining('backup')}),
		);
		expect(readFileSync(file).equals(damaged)).toBe(true);
		rmSync(place, {recursive: true, force: true});
	}
});
