import {expect, test} from 'vitest';
import {parse} from 'yaml';
import type {RecordedAnswer} from '../../../source/recording.ts';
import {mergedText} from '../../../source/rehearsal/write-recording.ts';

const steps = ['plan', 'fix', 'check'];
const merged = (old: string | undefined, ...answers: readonly RecordedAnswer[]) => {
	const {text, ...counts} = mergedText(old, {answers, steps});
	const {version, answers: written} = parse(text);
	expect(version).toBe(1);
	return {
		...counts,
		text,
		names: written.map(({step, item, text: said}: RecordedAnswer) => `${step} ${item ?? '-'} ${said}`),
	};
};

test('a new recording has the answers in the order of the steps', () => {
	const {names, kept, replaced} = merged(
		undefined,
		{step: 'check', text: 'c'},
		{step: 'fix', item: 1, text: 'b'},
		{step: 'fix', item: 0, text: 'a'},
	);
	expect(names).toEqual(['fix 0 a', 'fix 1 b', 'check - c']);
	expect({kept, replaced}).toEqual({kept: 0, replaced: 0});
});

const old = `# Hello.
version: 1
answers:
  # about the plan
  - {step: plan, text: old}
  - {step: fix, item: 0, text: old}
  - {step: fix, item: 2, text: old}
  - {step: fix, text: for any}
`;

test('what was not answered again stays, with its comments', () => {
	const {names, kept, replaced, text} = merged(old, {step: 'fix', item: 0, text: 'new'});
	expect(names).toEqual(['plan - old', 'fix 0 new', 'fix 2 old']);
	expect({kept, replaced}).toEqual({kept: 2, replaced: 2});
	expect(text).toContain('# Hello.');
	expect(text).toContain('# about the plan');
});

test('long texts are written as they are read: as blocks, and never folded', () => {
	const long = `${'word '.repeat(60)}end\n`;
	const {text} = merged(undefined, {step: 'plan', text: `one\ntwo\n`, patch: `+${long}`});
	expect(text).toContain('text: |\n      one\n      two\n');
	expect(parse(text).answers[0].patch).toBe(`+${long}`);
});

test('a file that is no recording is left alone', () => {
	expect(() => merged('hello')).toThrow(expect.objectContaining({code: 'recording.invalid'}));
	expect(() => merged('answers: [')).toThrow(expect.objectContaining({code: 'recording.invalid'}));
});
