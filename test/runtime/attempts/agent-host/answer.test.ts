import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {createAnswer} from '../../../../runtime/attempts/agent-host/answer.ts';
import {temporaryFolder} from '../../agents/run-agent.ts';

const open = () => {
	const file = path.join(temporaryFolder(), 'answer.txt');
	return {file, answer: createAnswer(file, {previewBytesMax: 10, tailCharactersMax: 6})};
};

test('a short answer stays in memory', () => {
	const {file, answer} = open();
	answer.append('hello');
	expect(answer.finish()).toEqual({preview: 'hello', sizeBytes: 5, isWhole: true});
	expect(existsSync(file)).toBe(false);
});

test('a long one is whole in its file, cut between characters in the preview, and its end is at hand', () => {
	const {file, answer} = open();
	for (const piece of ['123456789', 'é', 'abcdefghij', 'klm']) answer.append(piece);
	expect(answer.tail()).toBe('hijklm');
	expect(answer.finish()).toEqual({preview: '123456789', sizeBytes: 24, isWhole: false});
	expect(readFileSync(file, 'utf8')).toBe('123456789éabcdefghijklm');
});

test('a message after a tool, or with another id, takes the place of the one before', () => {
	const {file, answer} = open();
	answer.append('a very long first message', 'm1');
	answer.append(' goes on', 'm1');
	answer.append('second', 'm2');
	expect(answer.tail()).toBe('second');
	answer.breakMessage();
	expect(answer.tail()).toBe('second');
	answer.append('third');
	expect(answer.finish()).toEqual({preview: 'third', sizeBytes: 5, isWhole: true});
	expect(existsSync(file)).toBe(false);
});
