import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {expect, onTestFinished, test} from 'vitest';
import {clipboardSequenceOf, writeCopy} from '../../../source/tui/copy/clipboard.ts';
import {copyOf} from '../../../source/tui/copy/text.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {playBusy} from './scenes.ts';
import {noonMs, pressAll, stateOf} from './states.ts';

test('what is copied is what has the focus', async () => {
	const home = await stateOf(playBusy(noonMs));
	expect(copyOf(home)).toEqual({text: 'r-fix42', what: 'the id of fix-issue 42'});
	expect(copyOf(pressAll(home, 'tab').state)?.text).toBe('r-fix42 fix');
	expect(copyOf(pressAll(home, 'tab', 'tab').state)).toMatchObject({
		text: expect.stringMatching(/^Reading src\/cart\.ts\n.*\n$/s),
		what: expect.stringMatching(/^\d+ lines$/),
	});
	expect(copyOf(pressAll(home, 'shift-tab', 'j').state)).toEqual({
		text: 'npm install left-pad',
		what: 'what is asked about',
	});
	expect(copyOf(pressAll(home, 'shift-tab', 'G').state)).toEqual({text: 'r-deploy', what: 'the id of the run'});
	expect(copyOf(pressAll(home, 'a').state)).toBeUndefined();
});

test('a terminal gets it as OSC 52, one inside tmux twice, a text too long for terminals not at all', () => {
	const encoded = Buffer.from('naïve\n').toString('base64');
	expect(clipboardSequenceOf('naïve\n', false)).toBe(`\x1b]52;c;${encoded}\x07`);
	expect(clipboardSequenceOf('naïve\n', true)).toBe(
		`\x1b]52;c;${encoded}\x07\x1bPtmux;\x1b\x1b]52;c;${encoded}\x07\x1b\\`,
	);
	expect(clipboardSequenceOf('x'.repeat(cockpitLimits.clipboardLengthMax), false)).toBeUndefined();
});

test('a file has it for the user alone', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-copy-'));
	onTestFinished(() => rmSync(folder, {recursive: true}));
	const file = path.join(folder, 'state', 'copied.txt');
	writeCopy(file, 'one\n');
	writeCopy(file, 'two\n');
	expect([readFileSync(file, 'utf8'), statSync(file).mode & 0o777]).toEqual(['two\n', 0o600]);
});
