#!/usr/bin/env node
// `npm start`: makes the clone ready, then shows the product at work on the repository it stands in. With arguments it is
// `aiworkflow` with these arguments.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {runProcess} from './run-process.js';
import {productMain, projectNode, root, setup} from './setup.js';

const example = path.join(root, 'examples/repo-report');
/** Where the person is: npm itself always starts scripts in the package's folder. */
const folder = process.env.INIT_CWD || process.cwd();

const main = async typed => {
	await setup();
	const agent = agentOf(typed);
	if (typed.length > 0 && agent === undefined) return aiworkflow(typed);
	const workspace = repositoryOf(folder);
	const run = ['run', example, '--agent', agent ?? 'replay', '--workspace', workspace];
	return process.stdin.isTTY && process.stdout.isTTY ? inCockpit(run) : asLines(run, workspace, agent ?? 'replay');
};

const aiworkflow = args => runProcess(projectNode, [productMain, ...args], {cwd: folder});

/** The run goes on by itself; the cockpit shows it and asks for its approval. */
const inCockpit = async run => {
	const code = await aiworkflow([...run, '--detach']);
	return code === 0 ? aiworkflow([]) : code;
};

const asLines = async (run, workspace, agent) => {
	process.stderr.write(
		`There is no terminal here: running examples/repo-report with the agent "${agent}" as plain lines, with --yes (its approval is given).\n`,
	);
	const code = await aiworkflow([...run, '--yes']);
	const report = path.join(workspace, 'REPORT.md');
	if (code === 0 && fs.existsSync(report)) process.stdout.write(`${report}\n`);
	return code;
};

/** @returns The agent, where nothing but an agent is given. */
const agentOf = typed => {
	if (typed.length === 2 && typed[0] === '--agent') return typed[1];
	if (typed.length === 1 && typed[0].startsWith('--agent=')) return typed[0].slice('--agent='.length);
	return undefined;
};

const repositoryOf = cwd => {
	const {status, stdout} = spawnSync('git', ['rev-parse', '--show-toplevel'], {cwd, encoding: 'utf8'});
	return status === 0 ? stdout.trim() : cwd;
};

process.exitCode = await main(process.argv.slice(2));
