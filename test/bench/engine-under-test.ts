import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {systemClock} from '../../runtime/clock.ts';
import {createBreakers} from '../../runtime/engine/breakers.ts';
import {createBus} from '../../runtime/engine/bus.ts';
import {createEngine} from '../../runtime/engine/engine.ts';
import type {EngineParts} from '../../runtime/engine/engine-parts.ts';
import type {AttemptExecutor} from '../../runtime/engine/parts.ts';
import {createApprovalsTable} from '../../runtime/store/approvals.ts';
import {createBreakersTable} from '../../runtime/store/breakers.ts';
import {openDatabase} from '../../runtime/store/database.ts';
import {createDefinitionsTable} from '../../runtime/store/definitions.ts';
import {createEventReader} from '../../runtime/store/events.ts';
import {createJournal} from '../../runtime/store/journal.ts';
import type {RunEnvironments} from '../../runtime/store/run-environments.ts';
import {createRunsTable} from '../../runtime/store/runs.ts';
import {createToolRegistry} from '../../runtime/tools/registry.ts';
import {isRunEnding} from '../../source/run/wire.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';

/** The real shell and journal around an effect that takes no time: no process, no HTTP. */
export const openEngine = (
	stateFolder: string,
	executor: AttemptExecutor = noOpExecutor,
	options: Partial<Pick<EngineParts, 'attemptsRunningMax' | 'runsActiveMax' | 'clock' | 'random'>> = {},
) => {
	const file = path.join(stateFolder, 'journal.db');
	const database = openDatabase(file);
	const bus = createBus(error => {
		throw error;
	});
	let commits = 0;
	const journal = createJournal(database, {
		file,
		onCommit(events) {
			commits++;
			bus.publish(events);
		},
	});
	const breakers = createBreakers(journal, createBreakersTable(database), systemClock);
	const engine = createEngine({
		stateFolder,
		journal,
		events: createEventReader(database),
		runs: createRunsTable(database),
		approvals: createApprovalsTable(database),
		definitions: createDefinitionsTable(database),
		environments: noEnvironments,
		clock: systemClock,
		executors: {script: executor, agent: executor},
		agents: {
			choose: async ({agents}) => ({agent: agents[0] ?? 'none', passedOver: []}),
			namesOf: async (_, agents) => agents,
			environmentNames: async () => [],
		},
		tools: createToolRegistry({isTrusted: async () => false, breakers, now: systemClock.now}),
		breakers,
		cache: {filesDigest: async () => '', read: () => undefined, write() {}},
		snapshots: {capture: async () => ({files: 0, bytes: 0}), restore: async () => undefined},
		readText: () => '',
		onDefect: error => {
			throw error;
		},
		attemptsRunningMax: Number.MAX_SAFE_INTEGER,
		runsActiveMax: Number.MAX_SAFE_INTEGER,
		...options,
	});
	const ended = new Map<string, () => void>();
	bus.subscribe(events => {
		for (const event of events) {
			if (!isRunEnding(event.type)) continue;
			ended.get(event.runId!)?.();
			ended.delete(event.runId!);
		}
	});
	return {
		engine,
		bus,
		commits: () => commits,
		/** Starts a run and waits until its end is durable. */
		async run(definition: WorkflowDefinition): Promise<void> {
			const {id} = await engine.createRun(newRunOf(definition));
			await new Promise<void>(resolve => {
				if (engine.stateOf(id)) ended.set(id, resolve);
				else resolve();
			});
		},
		close() {
			engine.stop();
			journal.flush();
			database.close();
		},
	};
};

export const inTemporaryFolder = async <T>(use: (folder: string) => Promise<T>): Promise<T> => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-bench-'));
	try {
		return await use(folder);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
};

export const newRunOf = (definition: WorkflowDefinition) => ({
	definition,
	source: '',
	hash: `bench-${definition.name}`,
	file: '/bench/workflow.md',
	workspace: '/bench',
	inputs: {},
	approveAll: false,
	environment: {PATH: '/usr/bin:/bin'},
	secrets: {},
	origin: {by: 'bench', via: 'api'},
});

/** A workflow of so many script steps, one after the other. */
export const sequenceOf = (name: string, stepCount: number): WorkflowDefinition => ({
	name,
	inputs: {},
	outputs: {},
	env: {},
	agents: [],
	passEnv: [],
	secretNames: [],
	steps: Array.from({length: stepCount}, (_, index) => ({
		kind: 'script',
		id: `s${index + 1}`,
		title: `s${index + 1}`,
		line: index + 1,
		needs: index === 0 ? [] : [`s${index}`],
		env: {},
		continueOnError: false,
		language: 'sh',
		code: 'true',
		codeLine: index + 1,
	})),
});

const noOpExecutor: AttemptExecutor = {
	start: () => ({outcome: Promise.resolve({status: 'completed', outputs: {}}), stop() {}}),
	reattach: () => ({outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}}),
};

const noEnvironments: RunEnvironments = {
	save() {},
	load: () => ({environment: {}, secrets: {}}),
	retire() {},
};
