// reports/incident-<moment>.md: facts, judgement, and what is still to be filled in.
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';

const {timeline, changes, assessment, check, announced} = await json(process.stdin);
const isReplay = Object.values(JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}')).some(agent => agent.isReplay);
const prose = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/[<>[\]]/g, '\\$&');
const list = entries => (entries.length > 0 ? entries.map(entry => `- ${prose(entry)}`).join('\n') : '- none');
const code = text => `\`\`\`text\n${String(text).replaceAll('```', "'''").trim()}\n\`\`\``;

const judged = () => [
	`# ${prose(assessment.title)}`,
	`**${check.severity}** in ${prose(process.env.INPUT_SERVICE)}, first error ${timeline.from}, ${timeline.errors} errors until ${timeline.to}.`,
	...(isReplay ? ['> The assessment comes from a recording, not from looking at these logs.'] : []),
	...(check.founded.length === 0 ? ['> **A guess:** none of the lines it names is in the logs.'] : []),
	`## Likely cause\n\n${prose(assessment.cause)} (confidence: ${assessment.confidence})`,
	`## Evidence\n\n${check.founded.length > 0 ? code(check.founded.join('\n')) : '- none'}`,
	...(check.unfounded.length > 0 ? [`Named, but not in the logs:\n${list(check.unfounded)}`] : []),
	`## Next\n\n${list(assessment.next)}`,
	`## Message to users\n\n${messageOf(announced)}`,
	`## Errors\n\n${code(timeline.groups.map(({place, count, first, message}) => `${first} ${place} ${count}x ${message}`).join('\n'))}`,
	`## Committed before\n\n${code(changes || 'nothing')}`,
	'## To fill in\n\n- When was it over, and what ended it?\n- Who noticed first, and how?\n- What would have shown it earlier?',
];
const messageOf = agreed =>
	agreed?.text
		? `${prose(agreed.text)} (agreed by ${prose(agreed.by)}, ${agreed.at}; ${process.env.DELIVERY ? `posted as delivery ${process.env.DELIVERY}` : 'not posted'})`
		: 'None was agreed on.';
const quiet = () => [
	`# All quiet in ${prose(process.env.INPUT_SERVICE)}`,
	`${timeline.lines} lines until ${timeline.to}, and no error.`,
];

const path = `reports/incident-${timeline.from.slice(0, 16).replaceAll(':', '')}.md`;
mkdirSync('reports', {recursive: true});
writeFileSync(path, `${(check.severity === 'none' ? quiet() : judged()).join('\n\n')}\n`);
console.log(`The report is in ${path}.`);
appendFileSync(process.env.OUTPUT, JSON.stringify({path}));
