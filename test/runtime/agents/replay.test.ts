import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test, vi} from 'vitest';
import type {AgentEvent, AgentRequest} from '../../../runtime/agents/adapter.ts';
import {patchProblem} from '../../../runtime/agents/replay/patch.ts';
import {createReplayAdapter} from '../../../runtime/agents/replay.ts';
import {replaySpec} from '../../../runtime/agents/spec.ts';
import {answerFor, promptSha256, type RecordedAnswer} from '../../../source/recording.ts';
import {requestIn, temporaryFolder} from './run-agent.ts';

vi.setConfig({testTimeout: 30_000});

const bundle = (recording: string, name = 'w.yaml') => {
	const folder = temporaryFolder();
	mkdirSync(path.join(folder, 'recordings'));
	writeFileSync(path.join(folder, 'recordings', name), recording);
	return folder;
};

const replay = async (bundleFolder: string, more: Partial<AgentRequest> = {}) => {
	const events: AgentEvent[] = [];
	const request = requestIn(more.workspace ?? temporaryFolder(), {bundleFolder, ...more});
	for await (const event of createReplayAdapter(replaySpec).run(request, new AbortController().signal))
		events.push(event);
	const end = events.at(-1) as Extract<AgentEvent, {t: 'end'}>;
	return {
		end,
		texts: events.flatMap(event => (event.t === 'text' ? event.delta : [])),
		types: events.map(event => event.t),
		events,
	};
};

describe('a replay', () => {
	test('answers from the recording of the workflow, and costs nothing', async () => {
		const {types, texts, events} = await replay(bundle('version: 1\nanswers:\n  - {step: s, text: Fine.}\n'));
		expect(types).toEqual(['session', 'text', 'usage', 'end']);
		expect(texts).toEqual(['Fine.']);
		expect(events[2]).toMatchObject({tokens: null, costMicroUsd: 0, costSource: 'none'});
	});

	test('falls back to recording.yaml', async () => {
		const {texts} = await replay(bundle('version: 1\nanswers: [{step: s, text: Common.}]', 'recording.yaml'));
		expect(texts).toEqual(['Common.']);
	});

	test('says nothing about a prompt that is the recorded one, and warns about another', async () => {
		const folder = bundle(`version: 1\nanswers: [{step: s, promptSha256: ${promptSha256('Do it.')}, text: a}]`);
		expect((await replay(folder)).types).not.toContain('warning');
		const {events, end} = await replay(folder, {prompt: 'Do something else.'});
		expect(events).toContainEqual({
			t: 'warning',
			message: 'Step "s" was answered from a recording made for another prompt.',
			drift: {recordedSha256: promptSha256('Do it.'), promptSha256: promptSha256('Do something else.')},
		});
		expect(end.outcome).toBe('ok');
	});

	test('without a recording, or without that step in it, it fails and says what to add', async () => {
		expect((await replay(temporaryFolder())).end.failure).toMatchObject({
			code: 'replay.missing',
			message: expect.stringContaining('recordings/w.yaml does not exist'),
		});
		expect((await replay(bundle('version: 1\nanswers: []'))).end.failure).toMatchObject({
			code: 'replay.missing',
			message: expect.stringContaining('no answer for step "s"'),
			suggestion: expect.stringContaining('- {step: s, promptSha256: '),
		});
	});

	test.each([
		['version: 2\nanswers: []', 'version'],
		['version: 1\nanswers: [{step: s}]', 'text'],
		['version: 1\nanswers: [{step: s, text: a, txet: b}]', 'txet'],
		['version: [1', 'Flow sequence'],
	])('a recording that is none (%#) is refused with what is wrong', async (recording, words) => {
		const {end} = await replay(bundle(recording));
		expect(end.failure).toMatchObject({code: 'replay.invalid', message: expect.stringContaining(words)});
	});
});

test('the answer that names item and generation goes before one that names less', () => {
	const answers: RecordedAnswer[] = [
		{step: 's', text: 'any'},
		{step: 's', item: 1, text: 'item'},
		{step: 's', item: 1, generation: 2, text: 'both'},
		{step: 'other', text: 'other'},
	];
	const textFor = (asked: Parameters<typeof answerFor>[1]) => answerFor(answers, asked)?.text;
	expect(textFor({stepId: 's'})).toBe('any');
	expect(textFor({stepId: 's', item: 1})).toBe('item');
	expect(textFor({stepId: 's', item: 1, generation: 2})).toBe('both');
	expect(textFor({stepId: 's', item: 5, generation: 2})).toBe('any');
	expect(textFor({stepId: 'none'})).toBeUndefined();
});

const newFile = (file: string) => `--- /dev/null\n+++ b/${file}\n@@ -0,0 +1 @@\n+hello\n`;
const recordingWith = (patch: string) =>
	bundle(JSON.stringify({version: 1, answers: [{step: 's', text: 'Changed it.', patch}]}));

describe('a patch in a recording', () => {
	test('changes files, makes new ones, and is not applied twice', async () => {
		const workspace = temporaryFolder();
		writeFileSync(path.join(workspace, 'a.txt'), 'one\ntwo\n');
		const folder = recordingWith(
			`--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n${newFile('deep/b.txt')}`,
		);
		expect((await replay(folder, {workspace})).end.outcome).toBe('ok');
		expect(readFileSync(path.join(workspace, 'a.txt'), 'utf8')).toBe('one\nthree\n');
		expect(readFileSync(path.join(workspace, 'deep/b.txt'), 'utf8')).toBe('hello\n');
		const again = await replay(folder, {workspace});
		expect(again.end.outcome).toBe('ok');
		expect(again.types).toContain('warning');
	});

	test('is relative to the workspace, also where that is a folder of a larger repository', async () => {
		const repository = temporaryFolder();
		execFileSync('git', ['init', '-q', repository]);
		const workspace = path.join(repository, 'part');
		mkdirSync(workspace);
		expect((await replay(recordingWith(newFile('b.txt')), {workspace})).end.outcome).toBe('ok');
		expect(existsSync(path.join(workspace, 'b.txt'))).toBe(true);
	});

	test('that does not fit changes nothing', async () => {
		const workspace = temporaryFolder();
		const patch = `${newFile('b.txt')}--- a/a.txt\n+++ b/a.txt\n@@ -1 +1 @@\n-two\n+three\n`;
		expect((await replay(recordingWith(patch), {workspace})).end.failure).toMatchObject({code: 'replay.patch-failed'});
		expect(existsSync(path.join(workspace, 'b.txt'))).toBe(false);
	});

	test('does not follow a link out of the workspace', async () => {
		const workspace = temporaryFolder();
		const elsewhere = temporaryFolder();
		symlinkSync(elsewhere, path.join(workspace, 'link'));
		const {end} = await replay(recordingWith(newFile('link/b.txt')), {workspace});
		expect(end.failure).toMatchObject({code: 'replay.patch-refused'});
		expect(existsSync(path.join(elsewhere, 'b.txt'))).toBe(false);
	});

	test.each([
		['../b.txt', 'outside the workspace'],
		['x/../../b.txt', 'outside the workspace'],
		['.git/hooks/pre-commit', 'belongs to git'],
		['.aiworkflow/agents.yaml', 'belongs to git or to aiworkflow'],
	])('to %s is refused', (file, words) => {
		expect(patchProblem(newFile(file))).toContain(words);
	});

	test.each([
		['--- /dev/null\n+++ /etc/b\n@@ -0,0 +1 @@\n+x\n', 'outside'],
		['diff --git a/l b/l\nnew file mode 120000\n--- /dev/null\n+++ b/l\n@@ -0,0 +1 @@\n+/etc\n', 'symbolic link'],
		['diff --git a/a b/../b\nrename from a\nrename to ../b\n', 'outside'],
		['diff --git a/b b/b\nGIT binary patch\nliteral 0\n', 'binary'],
		['just words', 'names no files'],
	])('of another trick (%#) is refused', (patch, words) => {
		expect(patchProblem(patch)).toContain(words);
	});
});
