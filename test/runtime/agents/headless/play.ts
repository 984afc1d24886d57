import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import type {AgentRequest} from '../../../../runtime/agents/adapter.ts';
import type {AgentSpec} from '../../../../runtime/agents/spec.ts';
import {requestIn, runScripted, temporaryFolder} from '../run-agent.ts';

const agents = path.resolve(import.meta.dirname, '../../../agents');
export const recordedProgram = path.join(agents, 'recorded-lines.ts');
export const recordingOf = (name: string) => path.join(agents, 'recordings', `${name}.jsonl`);

export interface Play {
	/** Of the program. */
	readonly exit?: number;
	readonly reply?: string | null;
	readonly request?: Partial<AgentRequest>;
	readonly spec?: Partial<AgentSpec>;
	/** Variables whose values the log keeps. */
	readonly show?: readonly string[];
	readonly onEvent?: NonNullable<Parameters<typeof runScripted>[2]>['onEvent'];
}

/** Runs the headless adapter of an agent against what its real program printed. */
export const play = async (adapter: 'claude' | 'codex' | 'copilot', name: string, options: Play = {}) => {
	const folder = temporaryFolder();
	const log = path.join(folder, 'log');
	const set = {
		RECORDED_FILE: recordingOf(`headless-${adapter}-${name}`),
		RECORDED_EXIT: String(options.exit ?? 0),
		RECORDED_LOG: log,
		RECORDED_SHOW: (options.show ?? []).join(','),
	};
	const spec: AgentSpec = {
		id: adapter,
		adapter,
		protocol: 'headless',
		command: recordedProgram,
		args: [],
		env: [],
		idleMs: 60_000,
		...options.spec,
		set: {...set, ...options.spec?.set},
	};
	const {reply, onEvent} = options;
	const result = await runScripted(spec, requestIn(folder, options.request), {
		...(reply !== undefined && {reply}),
		...(onEvent && {onEvent}),
	});
	const entries = existsSync(log)
		? readFileSync(log, 'utf8')
				.trim()
				.split('\n')
				.map(line => JSON.parse(line))
		: [];
	return {
		...result,
		folder,
		starts: entries.filter(({args}) => args) as ReadonlyArray<{readonly args: string[]; readonly env?: string[]}>,
		heard: entries.flatMap(({heard}) => heard ?? []) as ReadonlyArray<Readonly<Record<string, unknown>>>,
		costMicroUsd: result.of('usage').reduce((sum, {costMicroUsd}) => sum + (costMicroUsd ?? 0), 0),
	};
};
