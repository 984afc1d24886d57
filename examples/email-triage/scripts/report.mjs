// reports/email-triage.md
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';

const sorted = [(await json(process.stdin)) ?? []].flat();
const isReplay = Object.values(JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}')).some(agent => agent.isReplay);
const cell = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.replaceAll(/[|<>[\]]/g, '\\$&');
const titles = {
	urgent: 'Urgent',
	answer: 'Waiting for an answer',
	read: 'To read',
	newsletter: 'Newsletters',
	junk: 'Junk',
};

const path = 'reports/email-triage.md';
const report = [
	'# Mail\n',
	...(isReplay ? ['> Sorted by a recording, not by looking at these mails.\n'] : []),
	...(sorted.length === 0
		? ['No mail.\n']
		: [`${process.env.FILED === 'completed' ? 'Sorted into folders.' : 'Nothing was moved.'}\n`]),
	...Object.entries(titles).flatMap(([category, title]) => {
		const of = sorted.filter(message => message.category === category);
		if (of.length === 0) return [];
		return [
			`## ${title}\n`,
			...of.map(
				({from, subject, reason, due}) =>
					`- ${cell(from)}: **${cell(subject)}** ${cell(reason)}${due ? `, due ${cell(due)}` : ''}`,
			),
			'',
		];
	}),
];
mkdirSync('reports', {recursive: true});
writeFileSync(path, report.join('\n'));
console.log(`The report is in ${path}.`);
appendFileSync(process.env.OUTPUT, JSON.stringify({path}));
