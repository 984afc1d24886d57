// Keeps the findings that are about this change, decides, and writes the review.
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';
import {addedLinesOf} from './diff-lines.mjs';

const {changes, diff, leftovers, correctness, safety} = await json(process.stdin);
const agents = JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}');
const ranks = ['high', 'medium', 'low'];
/** How far a finding may be from a changed line: agents count from the context as well. */
const nearLines = 5;

const touched = addedLinesOf(diff ?? '');
const isAboutIt = ({file, line}) =>
	touched.some(added => added.file === file && Math.abs(added.line - line) <= nearLines);
const claimed = [...(correctness?.findings ?? []), ...(safety?.findings ?? [])];
const kept = claimed.filter(isAboutIt);
const seen = new Set();
const findings = [...(leftovers?.findings ?? []), ...kept]
	.filter(({file, line, problem}) => !seen.has(`${file}:${line}:${problem}`) && seen.add(`${file}:${line}:${problem}`))
	.sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity));

const count = severity => findings.filter(finding => finding.severity === severity).length;
const verdict =
	changes.lines === 0 ? 'nothing to review' : count('high') > 0 ? 'block' : findings.length > 0 ? 'comment' : 'approve';
const headline =
	changes.lines === 0
		? `Nothing changed since ${changes.base}.`
		: `${verdict}: ${ranks.map(rank => `${count(rank)} ${rank}`).join(', ')} in ${changes.files.length} file(s).`;

const prose = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/[<>[\]|`]/g, '\\$&');
const path = 'reports/code-review.md';
const review = [
	'# Code review',
	`**${headline}** Compared with \`${changes.base}\`.`,
	...(Object.values(agents).some(({isReplay}) => isReplay)
		? ['> The judgements come from a recording, not from looking at this change.']
		: []),
	...(changes.isCut ? ['> The change is larger than the limit: its end was not reviewed.'] : []),
	...(correctness?.summary ? [prose(correctness.summary)] : []),
	...findings.map(
		({file, line, severity, problem, fix}) =>
			`- **${severity}** \`${file}:${line}\` ${prose(problem)}\n  *${prose(fix)}*`,
	),
	...(claimed.length > kept.length
		? [`${claimed.length - kept.length} finding(s) about lines that did not change were left out.`]
		: []),
];
mkdirSync('reports', {recursive: true});
writeFileSync(path, `${review.join('\n\n')}\n`);
console.log(`${headline}\nThe review is in ${path}.`);
appendFileSync(process.env.OUTPUT, JSON.stringify({verdict, path, headline}));
