// reports/sprint.md
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';

const {points, chosen, left} = JSON.parse(process.env.PLAN);
const {goal, risks = []} = JSON.parse(process.env.GOAL || 'null') ?? {};
const isReplay = Object.values(JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}')).some(agent => agent.isReplay);
const cell = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/[|<>[\]]/g, '\\$&');

const path = 'reports/sprint.md';
const report = [
	'# Sprint\n',
	goal ? `**Goal:** ${cell(goal)}\n` : 'Nothing in the backlog can be begun.\n',
	...(isReplay ? ['> Goal and sizes come from a recording, not from looking at this backlog.\n'] : []),
	`## ${points} of ${process.env.INPUT_CAPACITY} points\n`,
	'| issue | title | points | priority | sized by |',
	'|---|---|---|---|---|',
	...chosen.map(
		({id, title, points: size, priority, why}) =>
			`| ${cell(id)} | ${cell(title)} | ${size} | ${priority} | ${why ? `an agent: ${cell(why)}` : 'the team'} |`,
	),
	...(risks.length > 0 ? ['\n## Risks\n', ...risks.map(risk => `- ${cell(risk)}`)] : []),
	...(left.length > 0
		? ['\n## Left out\n', ...left.map(({id, title, reason}) => `- ${cell(id)}: ${cell(title)} (${cell(reason)})`)]
		: []),
];
mkdirSync('reports', {recursive: true});
writeFileSync(path, `${report.join('\n')}\n`);
console.log(`The plan is in ${path}.`);
appendFileSync(process.env.OUTPUT, JSON.stringify({path}));
