import {execFileSync} from 'node:child_process';
import {mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {afterAll} from 'vitest';
import type {AgentEvent, AgentRequest} from '../../../runtime/agents/adapter.ts';
import {createAdapter} from '../../../runtime/agents/adapters.ts';
import {type AgentSpec, idleMsDefault} from '../../../runtime/agents/spec.ts';

export const scriptedAgent = path.resolve(import.meta.dirname, '../../agents/scripted-agent.ts');

/** A new folder, gone when the test file has run. */
export const temporaryFolder = () => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-agents-')));
	folders.push(folder);
	return folder;
};

const folders: string[] = [];
afterAll(() => {
	for (const folder of folders) rmSync(folder, {recursive: true, force: true, maxRetries: 3});
});

export const scriptedSpec = (scene: string, more: Partial<AgentSpec> = {}): AgentSpec => ({
	id: 'scripted',
	adapter: 'acp',
	command: process.execPath,
	args: [scriptedAgent, scene],
	env: [],
	set: {},
	idleMs: idleMsDefault,
	...more,
});

export const requestIn = (workspace: string, more: Partial<AgentRequest> = {}): AgentRequest => ({
	prompt: 'Do it.',
	instructions: '',
	cwd: workspace,
	workspace,
	bundleFolder: workspace,
	workflow: 'w',
	stepId: 's',
	...more,
});

/** Runs a scripted agent to its end; approvals are answered by `reply`. */
export const runScripted = async (
	spec: AgentSpec,
	request: AgentRequest,
	options: {readonly reply?: string | null; readonly onEvent?: (event: AgentEvent, abort: () => void) => void} = {},
) => {
	const abort = new AbortController();
	const events: AgentEvent[] = [];
	const environment = {PATH: process.env.PATH ?? '', ...spec.set};
	for await (const event of createAdapter(spec, environment).run(request, abort.signal)) {
		events.push(event);
		options.onEvent?.(event, () => abort.abort());
		if (event.t === 'approval' && options.reply !== undefined) event.reply(options.reply);
		if (event.t === 'answered') event.reply(undefined);
	}

	const end = events.at(-1) as Extract<AgentEvent, {t: 'end'}>;
	const text = events.map(event => (event.t === 'text' ? event.delta : '')).join('');
	return {
		events,
		end,
		text,
		of: <T extends AgentEvent['t']>(t: T) =>
			events.filter((event): event is Extract<AgentEvent, {t: T}> => event.t === t),
	};
};

/** @returns Members of a process group that really run; zombies, which only their parent can clear away, do not. */
export const aliveInGroup = (group: number): number[] =>
	execFileSync('ps', ['-eo', 'pid=,pgid=,stat='], {encoding: 'utf8'})
		.trim()
		.split('\n')
		.map(line => line.trim().split(/\s+/))
		.filter(([, pgid, state]) => Number(pgid) === group && !state!.startsWith('Z'))
		.map(([pid]) => Number(pid));
