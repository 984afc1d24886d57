import path from 'node:path';
import {watch} from 'chokidar';
import type {ArmedWorkspaceView} from '../../source/api/messages.ts';
import type {NewEvent, Origin} from '../../source/run/events.ts';
import {declaredTriggersOf} from '../../source/workflow/declared-triggers.ts';
import {triggerSecretNamesOf} from '../../source/workflow/triggers.ts';
import {listWorkflows, readWorkflow, type WorkflowFile} from '../../source/workflow-files.ts';
import type {ArmedWorkspaces} from '../store/armed-workspaces.ts';
import type {DeskJournal} from './desk.ts';
import type {ArmedTrigger, TriggerSource} from './parts.ts';

export interface ArmingParts {
	readonly table: ArmedWorkspaces;
	readonly journal: DeskJournal;
	readonly now: () => number;
	/** Whether a person agreed to the files as they stand. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	readonly onChange?: () => void;
	readonly onDefect: (error: unknown, where: string) => void;
}

/** A trigger, and the file it stands in as it was read. */
export interface Armed extends ArmedTrigger {
	readonly source: WorkflowFile;
}

/** Knows which triggers are armed, and tells their sources when that changes. */
export interface Arming {
	/** All of them, by workspace, file and place. */
	all(): readonly Armed[];
	find(triggerKey: string): Armed | undefined;
	isTrusted(workspace: string): Promise<boolean>;
	environmentOf(workspace: string): Readonly<Record<string, string>>;
	/** Why an armed workspace has no triggers that fire: its files changed since a person trusted it. */
	untrusted(): readonly string[];
	/** All that a person wants to fire, and what keeps some of it from that. */
	workspaces(): readonly ArmedWorkspaceView[];
	/** A person wants the triggers of this workspace to fire, with what their runs may have of this environment. */
	arm(workspace: string, environment: Readonly<Record<string, string>>, origin: Origin): Promise<void>;
	disarm(workspace: string, origin: Origin): Promise<boolean>;
	/** Reads what is armed, tells the sources, and watches the files from then on. */
	begin(sources: readonly TriggerSource[]): Promise<void>;
	stop(): Promise<void>;
}

/** How long the files of a workspace have to be left alone before they are read again. */
const settleMs = 200;

export const createArming = (parts: ArmingParts): Arming => {
	const {table, journal, now, isTrusted} = parts;
	const armed = new Map<string, readonly Armed[]>();
	const doubtful = new Set<string>();
	/** Workflows with triggers that cannot be read, by workspace. */
	const invalid = new Map<string, ArmedWorkspaceView['invalid']>();
	const watchers = new Map<string, ReturnType<typeof watch>>();
	const timers = new Map<string, NodeJS.Timeout>();
	let sources: readonly TriggerSource[] = [];
	/** One change after the other: each tells the sources all there is. */
	let turn: Promise<unknown> = Promise.resolve();
	let isStopped = false;

	const all = (): readonly Armed[] => [...armed.values()].flat();

	const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
		const next = turn.then(task);
		turn = next.catch(() => undefined);
		return next;
	};

	const tellSources = async (): Promise<void> => {
		for (const source of sources) {
			try {
				await source.arm(all().filter(({trigger}) => trigger.kind === source.kind));
			} catch (error) {
				parts.onDefect(error, `triggers of kind ${source.kind} cannot be armed`);
			}
		}

		parts.onChange?.();
	};

	const read = async (workspace: string): Promise<void> => {
		const before = armed.get(workspace)?.length ?? 0;
		if (await isTrusted(workspace)) {
			const found = await triggersIn(workspace, table.environmentOf(workspace));
			armed.set(workspace, found.armed);
			invalid.set(workspace, found.invalid);
			doubtful.delete(workspace);
			return;
		}

		armed.set(workspace, []);
		invalid.delete(workspace);
		if (doubtful.has(workspace)) return;
		doubtful.add(workspace);
		if (before === 0) return;
		const reason = 'its files changed since a person trusted it';
		journal.append(null, 0, {type: 'workspace.disarmed', body: {workspace, reason}}, now());
	};

	/** Resolves when a change from now on will be noticed. */
	const watchFiles = async (workspace: string): Promise<void> => {
		if (watchers.has(workspace) || isStopped) return;
		const watcher = watch(path.join(workspace, '.aiworkflow'), {ignoreInitial: true, followSymlinks: false});
		watcher.on('all', () => readSoon(workspace));
		watcher.on('error', error => parts.onDefect(error, `the files of ${workspace} cannot be watched`));
		watchers.set(workspace, watcher);
		await new Promise<void>(resolve => watcher.once('ready', resolve));
	};

	const readSoon = (workspace: string): void => {
		clearTimeout(timers.get(workspace));
		const timer = setTimeout(() => {
			timers.delete(workspace);
			if (isStopped) return;
			inTurn(async () => {
				await read(workspace);
				await tellSources();
			}).catch(error => parts.onDefect(error, `the triggers of ${workspace} cannot be read`));
		}, settleMs);
		timers.set(workspace, timer);
	};

	return {
		all,
		find: triggerKey => all().find(({key}) => key === triggerKey),
		isTrusted,
		environmentOf: table.environmentOf,
		untrusted: () => [...doubtful],
		workspaces: () =>
			table.all().map(workspace => ({
				workspace,
				waitsForTrust: doubtful.has(workspace),
				invalid: invalid.get(workspace) ?? [],
			})),
		arm: (workspace, environment, origin) =>
			inTurn(async () => {
				table.saveEnvironment(workspace, environment);
				await read(workspace);
				const count = armed.get(workspace)?.length ?? 0;
				const body: Extract<NewEvent, {type: 'workspace.armed'}>['body'] = {workspace, triggers: count, origin};
				journal.append(null, 0, {type: 'workspace.armed', body}, now());
				journal.project(() => table.write(workspace, now()));
				await journal.durable();
				await watchFiles(workspace);
				// What changed before it was watched.
				await read(workspace);
				await tellSources();
			}),
		disarm: (workspace, origin) =>
			inTurn(async () => {
				if (!table.all().includes(workspace)) return false;
				armed.delete(workspace);
				invalid.delete(workspace);
				doubtful.delete(workspace);
				await watchers.get(workspace)?.close();
				watchers.delete(workspace);
				const reason = `asked for by ${origin.by}`;
				journal.append(null, 0, {type: 'workspace.disarmed', body: {workspace, reason, origin}}, now());
				journal.project(() => table.remove(workspace));
				await journal.durable();
				await tellSources();
				return true;
			}),
		begin: given =>
			inTurn(async () => {
				sources = given;
				for (const workspace of table.all()) {
					try {
						await watchFiles(workspace);
						await read(workspace);
					} catch (error) {
						parts.onDefect(error, `the triggers of ${workspace} cannot be read`);
					}
				}

				await tellSources();
			}),
		async stop() {
			isStopped = true;
			for (const timer of timers.values()) clearTimeout(timer);
			await turn;
			await Promise.all([...watchers.values()].map(watcher => watcher.close()));
			for (const source of sources) await source.stop();
		},
	};
};

/** The triggers of the workflows of a workspace, armed or not. A file with an error starts nothing, and is told of. */
export const triggersIn = async (
	workspace: string,
	environment: Readonly<Record<string, string>>,
): Promise<{readonly armed: readonly Armed[]; readonly invalid: ArmedWorkspaceView['invalid']}> => {
	const armed: Armed[] = [];
	const invalid: ArmedWorkspaceView['invalid'][number][] = [];
	for (const {file} of await listWorkflows(workspace)) {
		const source = await readWorkflow(file).catch(() => undefined);
		const triggers = source?.definition?.triggers ?? [];
		if (source && !source.definition && declaredTriggersOf(source.text).length > 0) {
			const error = source.diagnostics.find(({severity}) => severity === 'error');
			invalid.push({file: source.file, message: error ? `Line ${error.line}: ${error.message}` : 'It has a mistake.'});
		}

		if (!source?.definition || triggers.length === 0) continue;
		const names = triggerSecretNamesOf(triggers);
		const secrets = Object.fromEntries(
			names.flatMap(name => (environment[name] === undefined ? [] : [[name, environment[name]]])),
		);
		for (const trigger of triggers) {
			const key = triggerKeyOf(workspace, source.file, trigger.id);
			armed.push({key, workspace, file: source.file, workflow: source.definition.name, trigger, secrets, source});
		}
	}

	return {armed, invalid};
};

/** `/home/ada/shop .aiworkflow/workflows/nightly.md schedule` */
export const triggerKeyOf = (workspace: string, file: string, triggerId: string): string =>
	`${workspace} ${path.relative(workspace, file)} ${triggerId}`;
