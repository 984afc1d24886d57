// Makes the report of the facts on standard input and writes it into the workspace.
import {appendFileSync} from 'node:fs';
import {json} from 'node:stream/consumers';
import {fail} from './git.mjs';
import {reportOf} from './report.mjs';
import {writeInside} from './write-inside.mjs';

let agents;
try {
	agents = JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}');
} catch {
	agents = {};
}

const facts = await json(process.stdin);
const report = reportOf({...facts, agents, writtenAt: new Date()});
const output = process.env.INPUT_OUTPUT ?? 'REPORT.md';
const {file, problem} = writeInside(process.cwd(), output, report);
if (problem) fail(problem);

process.stdout.write(`Wrote ${file}\n`);
if (process.env.OUTPUT) appendFileSync(process.env.OUTPUT, `${JSON.stringify({path: file})}\n`);
