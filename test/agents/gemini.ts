import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type {AgentSpec} from '../../runtime/agents/spec.ts';
import {temporaryFolder} from '../runtime/agents/run-agent.ts';

const version = '0.61.0';

/** The real Gemini command line from npm, installed once into a cache folder. @returns The file to run. */
export const installGemini = (): string => {
	const cache =
		process.env.AIWORKFLOW_AGENTS_CACHE ??
		path.resolve(import.meta.dirname, '../../node_modules/.cache/aiworkflow-agents');
	const program = path.join(cache, 'node_modules/.bin/gemini');
	if (existsSync(program)) return program;
	mkdirSync(cache, {recursive: true});
	const quiet = ['--no-audit', '--no-fund', '--no-save', '--loglevel=error'];
	execFileSync('npm', ['install', '--prefix', cache, ...quiet, `@google/gemini-cli@${version}`], {stdio: 'inherit'});
	return program;
};

export const geminiSpec = (program: string, more: Partial<AgentSpec> = {}): AgentSpec => ({
	id: 'gemini',
	adapter: 'acp',
	command: program,
	args: ['--acp', '-m', 'gemini-2.5-flash'],
	env: ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'],
	set: {GEMINI_CLI_TRUST_WORKSPACE: 'true'},
	mode: 'default',
	modelArg: '-m',
	idleMs: 60_000,
	...more,
});

/** What a run of it needs: a home that has chosen the key as its login, or it ends with exit code 41. */
export const geminiEnvironment = (url: string, settings: object = {}) => {
	const home = temporaryFolder();
	mkdirSync(path.join(home, '.gemini'));
	const content = {security: {auth: {selectedType: 'gemini-api-key'}}, ...settings};
	writeFileSync(path.join(home, '.gemini/settings.json'), JSON.stringify(content));
	return {HOME: home, TERM: 'dumb', GEMINI_API_KEY: 'made-up-key', GOOGLE_GEMINI_BASE_URL: url};
};
