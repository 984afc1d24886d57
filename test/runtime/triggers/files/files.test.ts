import {appendFileSync, chmodSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {createFilesWorld} from './files-world.ts';

/** Runs end as soon as they begin, so that none waits for another. */
const openWorld = async (
	settings: string,
	prepare: (world: ReturnType<typeof createFilesWorld>) => void = () => {},
) => {
	const world = createFilesWorld(`files: { ${settings} }`);
	prepare(world);
	const daemon = await world.open();
	let ended = 0;
	const endRuns = () => {
		for (; ended < world.started.length; ended++) daemon.end(world.started[ended]!.id);
	};
	/** Lets time pass until so many runs were started. */
	const passUntilFired = (count: number) =>
		world.passUntil(`${count} runs`, () => {
			endRuns();
			return world.started.length >= count;
		});
	return {...world, daemon, endRuns, passUntilFired};
};

const all = 'paths: ["inbox/**"], events: [add, change, unlink, move]';

describe('what happens to files', () => {
	test('starts a run each: come, changed, moved, gone', async () => {
		const {write, workspace, fired, started, passUntilFired} = await openWorld(all);
		const file = write('inbox/a.md', 'one');
		await passUntilFired(1);
		expect(started[0]).toMatchObject({
			taint: 'file inbox/a.md',
			trigger: {data: {file: 'inbox/a.md', files: ['inbox/a.md'], event: 'add', size: 3}},
		});
		appendFileSync(file, ' two');
		await passUntilFired(2);
		renameSync(file, path.join(workspace, 'inbox/b.md'));
		await passUntilFired(3);
		rmSync(path.join(workspace, 'inbox/b.md'));
		await passUntilFired(4);
		expect(fired()).toEqual(['add inbox/a.md', 'change inbox/a.md', 'move inbox/a.md inbox/b.md', 'unlink inbox/b.md']);
	});

	test('a folder that moves moves its files, and one that goes takes them with it', async () => {
		const {write, workspace, fired, passUntilFired} = await openWorld(all);
		write('inbox/old/a.md');
		write('inbox/old/deep/b.md');
		await passUntilFired(2);
		renameSync(path.join(workspace, 'inbox/old'), path.join(workspace, 'inbox/new'));
		await passUntilFired(4);
		rmSync(path.join(workspace, 'inbox/new'), {recursive: true});
		await passUntilFired(6);
		expect(fired().slice(2).sort()).toEqual([
			'move inbox/old/a.md inbox/new/a.md',
			'move inbox/old/deep/b.md inbox/new/deep/b.md',
			'unlink inbox/new/a.md',
			'unlink inbox/new/deep/b.md',
		]);
	});

	test('what is there when it is first armed, what is not matched, and links start nothing', async () => {
		const {write, workspace, fired, passUntilFired} = await openWorld(
			'paths: "inbox/*.md", ignore: "inbox/tmp-*"',
			world => {
				world.write('inbox/before.md');
			},
		);
		write('inbox/.hidden.md');
		write('inbox/tmp-a.md');
		write('inbox/deep/a.md');
		write('outside.md');
		symlinkSync(path.join(workspace, 'outside.md'), path.join(workspace, 'inbox/link.md'));
		write('inbox/last.md');
		await passUntilFired(1);
		expect(fired()).toEqual(['add inbox/last.md']);
	});

	test.skipIf(process.getuid?.() === 0)('a file that cannot be read waits until it can', async () => {
		const {write, advance, fired, daemon, passUntil, passUntilFired} = await openWorld('paths: "inbox/*"');
		const file = write('inbox/secret.md');
		chmodSync(file, 0);
		await passUntil('a word on it', () => daemon.events.some(({type}) => type === 'trigger.impaired'));
		expect(daemon.problems()).toMatchObject([{failure: {code: 'files.unreadable'}}]);
		chmodSync(file, 0o600);
		advance(limits.fileUnreadableRetryMs);
		await passUntilFired(1);
		expect(fired()).toEqual(['add inbox/secret.md']);
		await passUntil('the word to go', () => daemon.problems().length === 0);
	});
});

describe('a file that is being written', () => {
	test('counts when it has stood still for the settle time, and then only', async () => {
		const {write, advance, started, passUntilFired} = await openWorld('paths: "inbox/*", settle: 1s');
		const file = write('inbox/a.md', 'x');
		for (let round = 0; round < 20; round++) {
			advance(600);
			await new Promise(resolve => setTimeout(resolve, 5));
			appendFileSync(file, 'x');
			await new Promise(resolve => setTimeout(resolve, 5));
		}

		expect(started).toEqual([]);
		await passUntilFired(1);
		expect(started[0]!.trigger.data).toMatchObject({event: 'add', size: 21});
	});

	test('and gone again before, it starts nothing', async () => {
		const {write, workspace, fired, passUntilFired} = await openWorld(all);
		write('inbox/a.tmp', 'text');
		renameSync(path.join(workspace, 'inbox/a.tmp'), path.join(workspace, 'inbox/a.md'));
		await passUntilFired(1);
		expect(fired()).toEqual(['add inbox/a.md']);
	});
});

describe('batch: all', () => {
	test('gives one run what changes soon after one another', async () => {
		const {write, started, passUntilFired} = await openWorld('paths: "inbox/*", batch: all, debounce: 2s');
		for (const name of ['a', 'b', 'c']) write(`inbox/${name}.md`);
		await passUntilFired(1);
		expect(started[0]!.trigger.data).toEqual({
			files: ['inbox/a.md', 'inbox/b.md', 'inbox/c.md'],
			event: 'add',
			generation: 0,
		});
		expect(started[0]!.taint).toBe('file inbox/a.md and 2 more');
	});

	test('gives more than one run so many that one would have too much to hold', async () => {
		const {write, started, passUntilFired} = await openWorld('paths: "inbox/*", batch: all');
		const count = limits.fileBatchMax + 5;
		for (let index = 0; index < count; index++) write(`inbox/${index}.md`);
		await passUntilFired(2);
		const sizes = started.map(({trigger}) => (trigger.data.files as string[]).length);
		expect(sizes.reduce((sum, size) => sum + size)).toBe(count);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.fileBatchMax);
	});
});

describe('while no daemon runs', () => {
	test('what changes is found by the next one, once', async () => {
		const first = await openWorld(all, world => {
			for (const name of ['kept', 'changed', 'moved', 'gone']) world.write(`inbox/${name}.md`);
		});
		await first.daemon.close();
		const {write, workspace, started, passUntil} = first;
		write('inbox/new.md');
		write('inbox/changed.md', 'another text');
		renameSync(path.join(workspace, 'inbox/moved.md'), path.join(workspace, 'inbox/here.md'));
		rmSync(path.join(workspace, 'inbox/gone.md'));
		const second = await first.open();
		await passUntil('four runs', () => {
			for (const {id} of started) if (first.endings.get(id) === 'open') second.end(id);
			return started.length >= 4;
		});
		expect(first.fired().sort()).toEqual([
			'add inbox/new.md',
			'change inbox/changed.md',
			'move inbox/moved.md inbox/here.md',
			'unlink inbox/gone.md',
		]);
	});

	test('killed before a firing is durable, it is fired by the next one; killed after, it is not fired again', async () => {
		const first = await openWorld('paths: "inbox/*"');
		first.write('inbox/a.md');
		await first.passUntilFired(1);
		first.write('inbox/b.md');
		first.daemon.pullPlug();
		await first.passUntil('the firing to fail', () => first.defects.length > 0);
		await first.daemon.close();
		const second = await first.open();
		first.write('inbox/c.md');
		await first.passUntil('the others', () => {
			for (const {id} of first.started) if (first.endings.get(id) === 'open') second.end(id);
			return first.started.length >= 3;
		});
		expect(first.fired().sort()).toEqual(['add inbox/a.md', 'add inbox/b.md', 'add inbox/c.md']);
	});

	test('globs that were changed fire nothing for what they newly match', async () => {
		const first = await openWorld('paths: "inbox/*.md"', world => {
			world.write('inbox/a.md');
			world.write('inbox/a.txt');
		});
		await first.daemon.close();
		first.workflow('inbox', 'files: { paths: "inbox/*" }');
		first.write('inbox/a.md', 'changed');
		await first.open();
		await first.passUntil('the run', () => first.started.length > 0);
		expect(first.fired()).toEqual(['change inbox/a.md']);
	});
});

describe('loops', () => {
	test('what becomes of the files that a run was given, while it is open, is its own', async () => {
		const {write, workspace, fired, tellOfRun, passUntilFired} = await openWorld(all);
		write('inbox/a.md');
		write('inbox/b.md');
		await passUntilFired(2);
		tellOfRun('r1', ['run.created', 'run.started'], {files: ['inbox/a.md', 'inbox/b.md'], generation: 0});
		writeFileSync(path.join(workspace, 'inbox/a.md'), 'written by the run');
		renameSync(path.join(workspace, 'inbox/b.md'), path.join(workspace, 'inbox/done.md'));
		write('inbox/other.md');
		await passUntilFired(3);
		tellOfRun('r1', ['run.completed']);
		await new Promise(resolve => setTimeout(resolve, 30));
		write('inbox/a.md', 'written by somebody else');
		await passUntilFired(4);
		expect(fired().slice(2)).toEqual(['add inbox/other.md', 'change inbox/a.md']);
	});

	test('also when the daemon ended before it noticed', async () => {
		const first = await openWorld(all, world => {
			world.write('inbox/a.md');
		});
		await first.daemon.close();
		const startedAtMs = Date.now();
		first.write('inbox/a.md', 'written by the run');
		first.write('inbox/new.md');
		first.setRecentRuns([{id: 'r1', startedAtMs, data: {files: ['inbox/a.md']}}]);
		await first.open();
		await first.passUntil('the run', () => first.started.length > 0);
		expect(first.fired()).toEqual(['add inbox/new.md']);
		expect(first.started[0]!.trigger.data.generation).toBe(1);
	});

	test('a run that writes another file each time is left to start only a few', async () => {
		const {daemon, write, started, tellOfRun, passUntil} = await openWorld(all);
		write('inbox/0.md');
		let answered = 0;
		await passUntil('a word on the loop', () => {
			if (answered < started.length) {
				const {id, trigger} = started[answered++]!;
				tellOfRun(id, ['run.created', 'run.started'], trigger.data);
				write(`inbox/${answered}.md`);
				tellOfRun(id, ['run.completed']);
				daemon.end(id);
			}

			return daemon.events.some(({type, body}) => type === 'trigger.skipped' && body.reason === 'loop');
		});
		expect(started.length).toBe(limits.fileGenerationsMax + 2);
	});
});

test('a file trigger that polls does without being told', async () => {
	const {write, fired, passUntilFired} = await openWorld('paths: "inbox/*", poll: 5s');
	write('inbox/a.md');
	await passUntilFired(1);
	expect(fired()).toEqual(['add inbox/a.md']);
});

/** `AIWORKFLOW_PROOF=full` makes a burst of ten thousand. */
const count = process.env.AIWORKFLOW_PROOF === 'full' ? 10_000 : 1000;

test(`a burst of ${count} files, each written in two halves: each fires once, none half-written`, {
	timeout: 300_000,
}, async () => {
	const world = await openWorld('paths: "inbox/**/*.txt", settle: 2s');
	const {write, started, endRuns, passUntil, workspace} = world;
	const startedAtMs = performance.now();
	const half = 'x'.repeat(500);
	const files: string[] = [];
	for (let index = 0; index < count; index++) {
		files.push(write(`inbox/${index % 10}/${index}.txt`, half));
		if (index % 50 === 0) await new Promise(resolve => setImmediate(resolve));
		if (index >= 50) appendFileSync(files[index - 50]!, half);
		world.advance(1);
	}

	for (const file of files.slice(-50)) appendFileSync(file, half);
	const writtenAtMs = performance.now();
	const sizes = new Set<number>();
	let looked = 0;
	const {desk} = world.daemon;
	const look = () => {
		endRuns();
		for (; looked < started.length; looked++) {
			const {data} = started[looked]!.trigger;
			sizes.add(readFileSync(path.join(workspace, data.file as string)).length).add(data.size as number);
		}
	};
	await passUntil('all firings', () => {
		look();
		return started.length + desk.pendingCount() >= count;
	});
	const takenAtMs = performance.now();
	while (desk.pendingCount() > 0) {
		look();
		await new Promise(resolve => setImmediate(resolve));
	}

	look();
	const names = new Set(started.map(({trigger}) => trigger.data.file));
	expect([started.length, names.size, [...sizes]]).toEqual([count, count, [1000]]);
	const [writtenMs, takenMs] = [writtenAtMs - startedAtMs, takenAtMs - writtenAtMs].map(Math.round);
	console.log(`${count} files, written in ${writtenMs} ms, all taken ${takenMs} ms later`);
});
