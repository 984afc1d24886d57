// reports/dependency-update.md: what was taken, what was left, and why.
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';

const {updates = [], left = []} = JSON.parse(process.env.PLAN || 'null') ?? {};
const isTaken = process.env.TESTED === 'completed';
const title = isTaken
	? 'Taken, and the tests pass'
	: `Not taken: ${process.env.TESTED === 'failed' ? 'the tests fail with them' : 'you said no, or npm could not install them'}`;
const isReplay = Object.values(JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}')).some(agent => agent.isReplay);
const cell = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/[|<>[\]]/g, '\\$&');
const table = (heading, rows) =>
	rows.length === 0
		? []
		: [
				`## ${heading}\n`,
				'| package | from | to | why |',
				'|---|---|---|---|',
				...rows.map(
					({name, current, latest, why}) => `| ${cell(name)} | ${cell(current)} | ${cell(latest)} | ${cell(why)} |`,
				),
				'',
			];
const watch = isTaken
	? updates.flatMap(({name, watch: notes = []}) => notes.map(note => `- ${cell(name)}: ${cell(note)}`))
	: [];

const path = 'reports/dependency-update.md';
const report = [
	'# Dependencies\n',
	...(isReplay ? ['> Major versions were judged by a recording, not by looking at this project.\n'] : []),
	...(updates.length + left.length === 0 ? ['Everything is up to date.\n'] : []),
	...table(title, updates),
	...table('Left for now', left),
	...(watch.length > 0 ? ['## Look at\n', ...watch, ''] : []),
];
mkdirSync('reports', {recursive: true});
writeFileSync(path, report.join('\n'));
console.log(report.join('\n'));
appendFileSync(process.env.OUTPUT, JSON.stringify({path}));
