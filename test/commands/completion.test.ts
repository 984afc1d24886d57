import {execFileSync, spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {builtInIds} from '../../runtime/agents/catalogue.ts';
import {builtInAgents} from '../../source/agent-names.ts';
import {readCommandTree} from '../../source/cli/completion/tree.ts';
import {mainEntry} from '../../source/install.ts';
import {temporaryFolder} from '../source/client/fake-daemon.ts';
import {aiworkflow} from './aiworkflow.ts';

const complete = async (
	words: readonly string[],
	{shell = 'zsh', cwd, env = {}}: {shell?: string; cwd?: string; env?: NodeJS.ProcessEnv} = {},
) => {
	const ended = await aiworkflow(['__complete', shell, ...words], {
		cwd,
		env: {AIWORKFLOW_HOME: '/nonexistent/state', ...env},
	});
	expect(ended).toMatchObject({exitCode: 0, stderr: ''});
	const [places, ...lines] = ended.stdout.trimEnd().split('\n');
	return {places, values: lines.map(line => line.split('\t')[0]!)};
};

const tree = readCommandTree();

test('every command that the help names is completed, and no other', async () => {
	const {stdout} = await aiworkflow(['--help']);
	const named = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]\S*)/gm)].map(match => match[1]!);
	expect((await complete([''])).values.sort()).toEqual(named.filter(name => name !== 'help').sort());
});

test.each(tree.groups.map(({words}) => [words.join(' ')]))('so is every command of `%s`', async group => {
	const {stdout} = await aiworkflow([...group.split(' '), '--help']);
	const named = [...stdout.slice(stdout.indexOf('Commands:')).matchAll(/^ {2}([a-z]\S*)/gm)].map(match => match[1]!);
	expect((await complete([...group.split(' '), ''])).values.sort()).toEqual(
		named.filter(name => name !== 'help').sort(),
	);
});

test.each(tree.commands.map(({words}) => [words.join(' ')]))(
	'`%s` is completed with the options of its help',
	async command => {
		const {stdout} = await aiworkflow([...command.split(' '), '--help']);
		const named = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(match => match[1]!);
		expect((await complete([...command.split(' '), '--'])).values.sort()).toEqual(named.sort());
	},
);

test('the agents that need no description are those of the daemon', () => {
	expect(builtInAgents).toEqual(builtInIds);
});

test('values are completed: few known ones, lists with commas, names of files', async () => {
	const cwd = temporaryFolder();
	mkdirSync(path.join(cwd, '.aiworkflow/workflows/nightly'), {recursive: true});
	mkdirSync(path.join(cwd, '.aiworkflow/tools'));
	writeFileSync(
		path.join(cwd, '.aiworkflow/workflows/fix.md'),
		'---\nname: fix\ninputs: { issue: { type: integer } }\n---\n# F\n## G\nDo.\n',
	);
	writeFileSync(path.join(cwd, '.aiworkflow/workflows/nightly/workflow.md'), '');
	writeFileSync(
		path.join(cwd, '.aiworkflow/agents.yaml'),
		'# Agents\nagents:\n  own:\n    command: own\n  other:\n    command: x\n',
	);
	expect(await complete(['run', ''], {cwd})).toEqual({places: 'files', values: ['fix', 'nightly']});
	expect((await complete(['run', 'fix', '--input', ''], {cwd})).values).toEqual(['issue=']);
	expect((await complete(['run', 'fix', '--agent', 'o'], {cwd})).values).toEqual(['own', 'other', 'opencode']);
	expect((await complete(['run', 'fix', '--agent', 'own,rep'], {cwd})).values).toEqual(['own,replay']);
	expect((await complete(['runs', 'list', '--status=running,f'])).values).toEqual(['--status=running,failed']);
	expect((await complete(['queue', 'publish', 'q', '--priority', ''])).values).toEqual([
		'low',
		'normal',
		'high',
		'critical',
	]);
	expect((await complete(['agent', 'inf'])).values).toEqual(['info']);
	expect((await complete(['doctor', '--workspace', ''])).places).toBe('folders');
	expect((await complete(['daemon', 'backup', ''])).places).toBe('files');
	expect((await complete(['runs', 'nothing', ''])).values).toEqual([]);
});

test('without a daemon it offers no runs, starts none, and says nothing', async () => {
	const home = path.join(temporaryFolder(), 'state');
	expect(await complete(['runs', 'show', ''], {env: {AIWORKFLOW_HOME: home}})).toEqual({places: 'values', values: []});
	expect(existsSync(home)).toBe(false);
});

test('an unknown shell has no completion, and the known ones are named', async () => {
	const {exitCode, stderr} = await aiworkflow(['completion', 'tcsh']);
	expect(exitCode).toBe(2);
	expect(stderr).toContain('There is for bash, zsh, fish.');
});

/** A folder with `aiworkflow` in it, for the PATH of a shell. */
const shellEnvironment = () => {
	const bin = temporaryFolder();
	writeFileSync(path.join(bin, 'aiworkflow'), `#!/bin/sh\nexec "${process.execPath}" "${mainEntry}" "$@"\n`, {
		mode: 0o755,
	});
	return {...process.env, PATH: `${bin}:${process.env.PATH}`, AIWORKFLOW_HOME: '/nonexistent/state'};
};

test('bash completes commands, options, values behind `=` and files', () => {
	const cwd = temporaryFolder();
	writeFileSync(path.join(cwd, 'READ ME.md'), '');
	const script = `
		source <(aiworkflow completion bash)
		try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _aiworkflow; (IFS='|'; echo "\${COMPREPLY[*]}"); }
		complete -p aiworkflow
		try aiworkflow runs ro
		try aiworkflow runs list --status = fa
		try aiworkflow runs list --status =
		try aiworkflow import RE
		try aiworkflow nothing ''
	`;
	const lines = execFileSync('bash', ['--norc', '-c', script], {cwd, env: shellEnvironment(), encoding: 'utf8'}).split(
		'\n',
	);
	expect(lines).toEqual([
		'complete -F _aiworkflow aiworkflow',
		'rollback',
		'failed',
		'queued|running|waiting|paused|completed|failed|cancelled',
		'READ ME.md',
		'',
		'',
	]);
});

const has = (program: string) => spawnSync(program, ['--version']).error === undefined;
for (const program of ['zsh', 'fish']) {
	if (!has(program)) console.warn(`${program} is not installed: its completion is not tested here.`);
}

test.runIf(has('zsh'))('zsh completes commands and values', () => {
	// Outside of its line editor `compadd` cannot be called, so a function shows what it would be given.
	const script = `
		source <(aiworkflow completion zsh)
		compadd() { print -r -- "$values $open"; }
		words=(aiworkflow runs ro); CURRENT=3; _aiworkflow
		words=(aiworkflow runs list --status=fa); CURRENT=4; _aiworkflow
	`;
	const {stdout} = spawnSync('zsh', ['-f', '-c', script], {env: shellEnvironment(), encoding: 'utf8'});
	expect(stdout.split('\n').map(line => line.trim())).toEqual(['rollback', '--status=failed', '']);
});

test.runIf(has('fish'))('fish completes commands and values', () => {
	const script = `aiworkflow completion fish | source; complete -C 'aiworkflow runs ro'; complete -C 'aiworkflow runs list --status=fa'`;
	const {stdout} = spawnSync('fish', ['--no-config', '-c', script], {env: shellEnvironment(), encoding: 'utf8'});
	expect(stdout.split('\n').map(line => line.split('\t')[0])).toEqual(['rollback', '--status=failed', '']);
});
