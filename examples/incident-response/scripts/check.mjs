// Whether the lines that an assessment names are there.
import {appendFileSync} from 'node:fs';
import {entriesOf} from './entries.mjs';

const assessment = JSON.parse(process.env.ASSESSMENT || 'null');
const say = outputs => appendFileSync(process.env.OUTPUT, JSON.stringify(outputs));

if (process.env.ERRORS === '0' || !assessment?.evidence) {
	console.log('No errors: all is quiet.');
	say({severity: 'none', founded: [], unfounded: []});
} else {
	const lines = new Map(entriesOf(process.env.INPUT_LOGS).map(({place, text}) => [place, text]));
	const placeOf = claim => /^\S+:\d+/.exec(claim.trim())?.[0] ?? '';
	const founded = assessment.evidence
		.filter(claim => lines.has(placeOf(claim)))
		.map(claim => `${placeOf(claim)} ${lines.get(placeOf(claim))}`);
	const unfounded = assessment.evidence.filter(claim => !lines.has(placeOf(claim)));
	console.log(`${founded.length} of ${assessment.evidence.length} pieces of evidence are in the logs.`);
	say({severity: assessment.severity, founded, unfounded});
}
