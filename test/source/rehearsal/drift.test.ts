import {expect, test} from 'vitest';
import {type Drift, updatedText} from '../../../source/rehearsal/drift.ts';

const [old, other, next, later] = ['a', 'b', 'c', 'd'].map(letter => letter.repeat(64)) as [
	string,
	string,
	string,
	string,
];
const drift = (stepId: string, recordedSha256: string, promptSha256: string, item?: number): Drift => ({
	workflow: {name: 'w', file: '/w.md'},
	...{stepId, item, recordedSha256, promptSha256},
});

const recording = `# Kept as it is.
version: 1
answers:
  - step: judge   # a remark
    promptSha256: ${old}
    text: |
      An answer with ${old} in it.
  - {step: fix, item: 0, promptSha256: "${old}", text: a}
  - {step: fix, item: 1, promptSha256: ${other}, text: b}
`;

test('only the digest of that step and prompt is changed', () => {
	const {text, updated, ambiguous} = updatedText(recording, [drift('judge', old, next)]);
	expect(text).toBe(recording.replace(`promptSha256: ${old}\n`, `promptSha256: ${next}\n`));
	expect({updated: updated.length, ambiguous: ambiguous.length}).toEqual({updated: 1, ambiguous: 0});
});

test('several at once', () => {
	const {text} = updatedText(recording, [
		drift('fix', other, later, 1),
		drift('judge', old, next),
		drift('fix', old, next, 0),
	]);
	expect(text.match(new RegExp(next, 'g'))).toHaveLength(2);
	expect(text.match(new RegExp(later, 'g'))).toHaveLength(1);
	expect(text).toContain(`An answer with ${old} in it.`);
});

test('one answer that was given to two different prompts is left alone', () => {
	const {text, ambiguous} = updatedText(recording, [drift('judge', old, next), drift('judge', old, later)]);
	expect(text).toBe(recording);
	expect(ambiguous).toHaveLength(2);
});
