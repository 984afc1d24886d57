import {spawn} from 'node:child_process';
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {vi} from 'vitest';
import type {AgentSpec} from '../../../runtime/agents/spec.ts';
import {createAgentExecutor} from '../../../runtime/attempts/agent.ts';
import {createOutputWatcher} from '../../../runtime/attempts/output-watcher.ts';
import type {BridgeRequest} from '../../../runtime/attempts/tool-bridge.ts';
import {systemClock} from '../../../runtime/clock.ts';
import type {AttemptContext, AttemptHandle} from '../../../runtime/engine/parts.ts';
import type {EventBody, EventType, NewEvent} from '../../../source/run/events.ts';
import type {AgentStep, OutputsSchema} from '../../../source/workflow/definition.ts';
import {temporaryFolder} from '../agents/run-agent.ts';

/** The agent host as it stands in the source: Node runs TypeScript by itself. */
export const hostCommand = [
	process.execPath,
	path.resolve(import.meta.dirname, '../../../runtime/attempts/agent-host.ts'),
];

export interface AttemptOptions {
	readonly spec: AgentSpec;
	readonly prompt?: string;
	readonly model?: string;
	readonly access?: AttemptContext['access'];
	readonly resume?: AttemptContext['resume'];
	readonly outputs?: OutputsSchema;
	readonly deadlineAtMs?: number;
	readonly secrets?: readonly string[];
	readonly environment?: Readonly<Record<string, string>>;
	readonly bundleFolder?: string;
	readonly workspace?: string;
	/** What it is given. */
	readonly tools?: BridgeRequest;
	/** An attempt that began before: its folder. */
	readonly folder?: string;
	/** What of it is journalled. */
	readonly hostLine?: number;
}

export const contextOf = (options: AttemptOptions): AttemptContext => {
	const workspace = options.workspace ?? temporaryFolder();
	const step: AgentStep = {
		kind: 'agent',
		id: 'judge',
		title: 'Judge',
		line: 1,
		needs: [],
		env: {},
		continueOnError: false,
		prompt: options.prompt ?? 'Do it.',
		agents: [],
		outputs: options.outputs,
	};
	const attempt = {
		number: 1,
		status: 'running' as const,
		startedAtMs: 0,
		generation: 1,
		startedSeq: 1,
		hostLine: options.hostLine ?? -1,
	};
	return {
		runId: 'run-1',
		stepId: 'judge',
		stepKey: 'judge',
		attempt: 1,
		folder: options.folder ?? path.join(temporaryFolder(), 'attempt'),
		workspace,
		bundleFolder: options.bundleFolder ?? workspace,
		definition: {
			name: 'review',
			inputs: {},
			outputs: {},
			env: {},
			agents: [],
			passEnv: [],
			secretNames: [],
			steps: [step],
		},
		step,
		state: {
			status: 'running',
			attempts: [attempt],
			warnings: [],
			costMicroUsd: null,
		},
		generation: 1,
		cwd: workspace,
		environment: {PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...options.environment},
		prompt: options.prompt ?? 'Do it.',
		model: options.model,
		access: options.access,
		resume: options.resume,
		agent: options.spec.id,
		...(options.tools && {
			given: {tools: options.tools.tools.map(({tool, operations}) => ({tool, operations})), secrets: {}},
		}),
		deadlineAtMs: options.deadlineAtMs,
		secrets: options.secrets ?? [],
	};
};

/** One attempt under a real supervisor and a real host, with a journal that only remembers. */
export const runAttempt = (options: AttemptOptions, how: 'start' | 'reattach' = 'start') => {
	const context = contextOf(options);
	const executor = createAgentExecutor({
		clock: systemClock,
		output: createOutputWatcher(() => {}),
		specOf: async () => options.spec,
		toolsOf: async () => ({bridge: options.tools!, withheld: []}),
		hostCommand,
	});
	const events: NewEvent[] = [];
	const handle: AttemptHandle = executor[how](context, async reported => void events.push(...reported));
	const of = <T extends EventType>(type: T) =>
		events.filter(event => event.type === type).map(event => event.body as EventBody<T>);
	return {
		...handle,
		context,
		events,
		of,
		stdout: () => read(path.join(context.folder, 'stdout.log')),
		stderr: () => read(path.join(context.folder, 'stderr.log')),
		/** Waits until the attempt has reported such an event. */
		when: <T extends EventType>(type: T) =>
			vi.waitFor(
				() => {
					const found = of(type)[0];
					if (!found) throw new Error(`no ${type} yet`);
					return found;
				},
				{timeout: 30_000, interval: 10},
			),
	};
};

/**
 * Starts an attempt in a daemon of its own and kills that with -9 as soon as it has journalled what it should.
 *
 * @returns What was journalled by then, and how to take the attempt up again.
 */
export const interruptAttempt = async (
	options: AttemptOptions,
	until: (events: readonly NewEvent[], folder: string) => boolean,
) => {
	const context = contextOf(options);
	const setup = path.join(temporaryFolder(), 'setup.json');
	const journal = path.join(temporaryFolder(), 'journal');
	writeFileSync(setup, JSON.stringify({context, spec: options.spec, hostCommand, tools: options.tools}));
	writeFileSync(journal, '');
	const daemonFile = path.resolve(import.meta.dirname, 'agent-daemon.ts');
	const daemon = spawn(process.execPath, [daemonFile, setup, journal], {stdio: 'inherit'});
	const journalled = () =>
		read(journal)
			.split('\n')
			.filter(Boolean)
			.map(line => JSON.parse(line) as NewEvent);
	await vi.waitFor(
		() => {
			if (!until(journalled(), context.folder)) throw new Error('not so far yet');
		},
		{timeout: 20_000, interval: 20},
	);
	daemon.kill('SIGKILL');
	await new Promise(resolve => daemon.once('exit', resolve));
	const events = journalled();
	const lines = events.map(({body}) => ('hostLine' in body ? (body.hostLine ?? -1) : -1));
	const {folder, workspace} = context;
	const reattach = () => runAttempt({...options, folder, workspace, hostLine: Math.max(-1, ...lines)}, 'reattach');
	return {events, reattach, context};
};

const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
