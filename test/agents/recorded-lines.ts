#!/usr/bin/env node
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';

/**
 * Plays a recorded headless run: `RECORDED_FILE=F RECORDED_EXIT=1 recorded-lines.ts …flags…`. A line of the file is what the
 * agent printed, or `{"dir": "<<" | ">>", "m": {…}}` where both sides spoke: what it said after a message follows when a
 * message comes. It begins when it hears the first line, or nothing will come, and exits when it has said everything; after a
 * `result` it waits until nothing more will come. RECORDED_LOG gets a line for each start and each message to it;
 * RECORDED_USAGE is written to `--usage-output-file`.
 */
const {env, argv, stdin, stdout} = process;
if (argv.includes('--version')) {
	stdout.write('1.2.3 (recorded)\n');
	process.exit(0);
}

const lines = readFileSync(env.RECORDED_FILE!, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map(text => {
		const line = JSON.parse(text) as {readonly dir?: string; readonly m?: {readonly type?: string}; type?: string};
		return line.dir ? {isOurs: line.dir === '>>', message: line.m!} : {isOurs: false, message: line};
	});
const log = (entry: object) => env.RECORDED_LOG && appendFileSync(env.RECORDED_LOG, `${JSON.stringify(entry)}\n`);
log({args: argv.slice(2), env: env.RECORDED_SHOW?.split(',').map(name => env[name])});

let next = 0;
let hasEnded = false;
const leave = () => process.exit(Number(env.RECORDED_EXIT ?? 0));
/** Copilot writes what it used into a file of its own. */
const usageFile = argv[argv.indexOf('--usage-output-file') + 1]!;
if (argv.includes('--usage-output-file') && env.RECORDED_USAGE) writeFileSync(usageFile, env.RECORDED_USAGE);

const speak = () => {
	for (; next < lines.length && !lines[next]!.isOurs; next++) stdout.write(`${JSON.stringify(lines[next]!.message)}\n`);
	if (next < lines.length) return;
	if (hasEnded || lines.at(-1)?.message.type !== 'result') stdout.end(leave);
};

createInterface({input: stdin})
	.on('line', line => {
		log({heard: line.startsWith('{') ? JSON.parse(line) : line});
		if (lines[next]?.isOurs) next++;
		speak();
	})
	.on('close', () => {
		hasEnded = true;
		speak();
	});
