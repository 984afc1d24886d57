import {appendFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test, vi} from 'vitest';
import {followLines} from '../../../../runtime/attempts/agent/follow-lines.ts';
import {temporaryFolder} from '../../agents/run-agent.ts';

test('lines arrive whole, in order and numbered, however they were written', async () => {
	const file = path.join(temporaryFolder(), 'events');
	appendFileSync(file, 'zero\non');
	const seen: string[] = [];
	const follower = followLines(file, async (lines, first) => {
		for (const [index, line] of lines.entries()) seen.push(`${first + index} ${line}`);
	});
	await follower.caughtUp;
	expect(seen).toEqual(['0 zero']);
	appendFileSync(file, 'e\ntwö\nthr');
	await vi.waitFor(() => expect(seen).toEqual(['0 zero', '1 one', '2 twö']));
	appendFileSync(file, 'ee\n');
	await follower.finish();
	expect(seen.at(-1)).toBe('3 three');
});

test('a line is handed over only after the one before was taken', async () => {
	const file = path.join(temporaryFolder(), 'events');
	const busy: string[] = [];
	const follower = followLines(file, async lines => {
		busy.push(`begin ${lines.join()}`);
		await new Promise(resolve => setTimeout(resolve, 30));
		busy.push(`end ${lines.join()}`);
	});
	appendFileSync(file, 'a\n');
	await vi.waitFor(() => expect(busy).toContain('begin a'));
	appendFileSync(file, 'b\n');
	await follower.finish();
	expect(busy).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('a failure to take lines is told at the end, and nothing more is handed over', async () => {
	const file = path.join(temporaryFolder(), 'events');
	appendFileSync(file, 'a\n');
	const follower = followLines(file, async () => {
		throw new Error('the journal is full');
	});
	await expect(follower.finish()).rejects.toThrow('the journal is full');
});
