// What is wrong in an added line whatever the rest of the change is.
import {appendFileSync} from 'node:fs';
import {text} from 'node:stream/consumers';
import {addedLinesOf} from './diff-lines.mjs';

const rules = [
	[/^(?:<{7}|>{7})(?: |$)/, 'high', 'A conflict marker was left in.', 'Resolve the conflict.'],
	[
		/-----BEGIN [A-Z ]*PRIVATE KEY-----/,
		'high',
		'A private key is committed.',
		'Remove it, and replace the key: it is known now.',
	],
	[
		/\b(?:AKIA[0-9A-Z]{16}|gh[pousr]_\w{36,}|sk-[\w-]{32,}|xox[abpr]-[\w-]{20,})/,
		'high',
		'This looks like a key of a service.',
		'Remove it, and replace the key: it is known now.',
	],
	[
		/^\s*(?:debugger;?|console\.debug\(|import pdb|pdb\.set_trace\(|binding\.pry|dbg!\()/,
		'medium',
		'Code for debugging was left in.',
		'Remove the line.',
	],
	[/\b(?:it|test|describe)\.only\(/, 'medium', 'Only this test would run.', 'Remove `.only`.'],
	[
		/\b(?:FIXME|XXX)\b/,
		'low',
		'The change itself says that something is to be mended.',
		'Mend it now, or open an issue.',
	],
];

const findings = addedLinesOf(await text(process.stdin)).flatMap(({file, line, text: added}) =>
	rules
		.filter(([pattern]) => pattern.test(added))
		.map(([, severity, problem, fix]) => ({file, line, severity, problem, fix})),
);
// Only where, never what: a key must not get into a review.
for (const {file, line, severity, problem} of findings) console.log(`${file}:${line} ${severity}: ${problem}`);
if (findings.length === 0) console.log('No leftovers.');
appendFileSync(process.env.OUTPUT, JSON.stringify({findings}));
