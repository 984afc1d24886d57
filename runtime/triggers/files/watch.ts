import path from 'node:path';
import {AiworkflowError, failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {FilesTrigger} from '../../../source/workflow/triggers.ts';
import type {Clock} from '../../engine/parts.ts';
import type {WatchedFiles, WatchedWrites} from '../../store/watched-files.ts';
import {type DeskJournal, firingIdOf} from '../desk.ts';
import type {ArmedTrigger, TriggerDesk, TriggerProblem} from '../parts.ts';
import {createCandidates} from './candidates.ts';
import {changesOf, type FileChange, wantedOf} from './changes.ts';
import {batchesOf, type DueChange, dedupeKeyOf, firingOf} from './firing.ts';
import {createFileFilter} from './globs.ts';
import {openHints} from './hints.ts';
import {createKnownFiles} from './known.ts';
import type {RunWindows} from './run-windows.ts';
import {changedAtMs, isReadable, type Stamp, sightOf} from './stamp.ts';
import {filesIn} from './walk.ts';

export interface FilesWatchParts {
	readonly desk: Pick<TriggerDesk, 'take'>;
	readonly table: WatchedFiles;
	readonly journal: DeskJournal;
	readonly clock: Clock;
	/** By the clock that stamps files; Unix milliseconds. */
	readonly diskNow: () => number;
	readonly windows: RunWindows;
	readonly onDefect: (error: unknown, where: string) => void;
}

/** One file trigger at work. */
export interface FilesWatch {
	/** Its workflow was read again; the trigger itself is the same. */
	update(armed: ArmedTrigger): void;
	problems(): readonly TriggerProblem[];
	stop(): Promise<void>;
}

/**
 * Fires for the difference between the files as they were last dealt with, which is durable, and as they stand still
 * on the disk. What tells of changes only says where to look, so nothing hangs on whether it tells of all of them.
 *
 * @returns When changes from then on are noticed, and those since it last was at work are found.
 */
export const openFilesWatch = async (armedAs: ArmedTrigger, parts: FilesWatchParts): Promise<FilesWatch> => {
	const {desk, table, journal, clock, windows, diskNow} = parts;
	const {key, workspace, workflow} = armedAs;
	const trigger = armedAs.trigger as FilesTrigger;
	const {settleMs, batch, debounceMs} = trigger;
	const filter = createFileFilter(trigger.paths, trigger.ignore);
	const known = createKnownFiles(table.filesOf(key));
	const candidates = createCandidates({workspace, known, now: clock.now, diskNow});
	/** Files of which something was said since they were last looked at. */
	const dirty = new Set<string>();
	/** Files that wait until it is known whether they are of a loop, and how far on in it. */
	const held = new Map<string, {readonly generation: number; readonly sinceMs: number}>();
	const problems = new Map<string, TriggerProblem>();
	/** Folders that came since they were last looked through. */
	const folders = new Set<string>();
	let armed = armedAs;
	/** Hints since all files were last looked through. */
	let hintCount = 0;
	let isStopped = false;
	let isWorkDue = false;
	let isSweepDue = false;
	let working: Promise<void> | undefined;
	let cancelWake = () => {};
	let wakeAtMs = Infinity;

	const wakeBy = (atMs: number): void => {
		if (atMs >= wakeAtMs || isStopped) return;
		cancelWake();
		wakeAtMs = atMs;
		cancelWake = clock.at(atMs, () => {
			wakeAtMs = Infinity;
			work();
		});
	};

	/** One piece of work after the other; what is said meanwhile is done next. */
	const work = (): Promise<void> => {
		isWorkDue = true;
		working ??= (async () => {
			try {
				while (isWorkDue && !isStopped) {
					isWorkDue = false;
					await workOnce();
				}
			} catch (error) {
				parts.onDefect(error, `file trigger ${key}`);
				wakeBy(clock.now() + defectRetryMs);
			} finally {
				working = undefined;
			}
		})();
		return working;
	};

	const workOnce = async (): Promise<void> => {
		if (isSweepDue) {
			isSweepDue = false;
			for (const file of await filesIn(workspace, filter)) dirty.add(file);
			for (const file of known.files.keys()) dirty.add(file);
		}

		for (const folder of folders) for (const file of await filesIn(workspace, filter, folder)) dirty.add(file);
		folders.clear();
		const files = [...dirty];
		dirty.clear();
		await candidates.look(files);
		// Once more: nothing may have been said of the last that was written.
		await candidates.look(candidates.settledFor(settleMs));
		const settled = candidates.settledFor(settleMs);
		if (isBatchDue(settled)) await fire(settled);
		const nowMs = clock.now();
		for (const {sinceMs} of candidates.all.values()) if (sinceMs + settleMs > nowMs) wakeBy(sinceMs + settleMs);
		const isQuiet = dirty.size === 0 && candidates.settledFor(settleMs).length === candidates.all.size;
		if (hintCount <= limits.fileSweepChanges || !isQuiet) return;
		hintCount = 0;
		isSweepDue = true;
		isWorkDue = true;
	};

	const isBatchDue = (settled: readonly string[]): boolean => {
		if (batch === 'each' || settled.length === 0) return settled.length > 0;
		if (settled.length >= limits.fileBatchMax) return true;
		const nowMs = clock.now();
		let [firstMs, lastMs] = [Infinity, 0];
		for (const [file, {sinceMs}] of candidates.all) {
			if (held.has(file)) continue;
			firstMs = Math.min(firstMs, sinceMs + settleMs);
			lastMs = Math.max(lastMs, sinceMs + settleMs);
		}

		const dueAtMs = Math.min(lastMs + debounceMs, firstMs + limits.fileBatchMsMax);
		if (nowMs < dueAtMs) wakeBy(dueAtMs);
		return nowMs >= dueAtMs;
	};

	const fire = async (settled: readonly string[]): Promise<void> => {
		const judged = changesOf(settled, candidates.all, known.files, changedAtMs).map(change => {
			const kept = held.get(change.file);
			const isKept = kept !== undefined && kept.sinceMs === candidates.all.get(change.file)?.sinceMs;
			return {change, author: isKept ? kept : windows.authorOf(workspace, workflow, change)};
		});
		const isFromOutside = judged.some(({author}) => author !== 'own' && author.generation === 0);
		// Something came while no run was open: so what is held may have come in the same way.
		const due: DueChange[] = [];
		for (const {change, author} of judged) {
			const wanted = wantedOf(change, trigger.events);
			if (wanted.length === 0 || author === 'own') {
				pass(change);
				continue;
			}

			const generation = isFromOutside && held.has(change.file) ? 0 : author.generation;
			if (!(await isRunnable(change)) || !isReleased(change, generation)) continue;
			due.push(...wanted.map(each => ({...each, generation})));
		}

		const groups = batch === 'all' ? batchesOf(due) : due.map(change => [change]);
		for (let start = 0; start < groups.length && !isStopped; start += takeAtOnce) {
			await Promise.all(groups.slice(start, start + takeAtOnce).map(take));
		}
	};

	const isRunnable = async ({event, file}: FileChange): Promise<boolean> => {
		if (event === 'unlink' || (await isReadable(path.join(workspace, file)))) return true;
		complain(unreadable(file));
		wakeBy(clock.now() + limits.fileUnreadableRetryMs);
		return false;
	};

	/**
	 * Whether a change that came so many runs after one from outside fires. Up to a few it does: others write while runs
	 * are open, too. The next waits until all is quiet; if nothing comes by itself, it fires alone, and what comes while
	 * that run is open is the run's own.
	 */
	const isReleased = (change: FileChange, generation: number): boolean => {
		if (generation <= limits.fileGenerationsMax) return true;
		if (generation > limits.fileGenerationsMax + 1) {
			skip(change);
			return false;
		}

		held.set(change.file, {generation, sinceMs: candidates.all.get(change.file)!.sinceMs});
		const rest = windows.restOf(workspace, workflow);
		if (rest === 'open') return false;
		const quietMs = Math.max(limits.fileLoopQuietMsMin, 2 * rest.longestMs, settleMs + debounceMs);
		const leftMs = rest.sinceMs + Math.min(quietMs, limits.fileLoopQuietMsMax) - diskNow();
		if (leftMs > 0) wakeBy(clock.now() + leftMs);
		return leftMs <= 0;
	};

	const take = async (changes: readonly DueChange[]): Promise<void> => {
		const writes = writesOf(changes);
		const alongside = () => table.write(key, writes);
		try {
			const {isKnown} = await desk.take({...firingOf(armed, changes, batch === 'all'), alongside});
			if (isKnown) journal.project(alongside);
			forget(writes);
		} catch (error) {
			if (failureOf(error).code !== 'trigger.overloaded') throw error;
			wakeBy(clock.now() + retryMs);
		}
	};

	/** It fires nothing, and is known from now on. */
	const pass = (change: FileChange): void => {
		const writes = writesOf([change]);
		journal.project(() => table.write(key, writes));
		forget(writes);
	};

	const skip = (change: FileChange): void => {
		const firing = firingIdOf(key, dedupeKeyOf([change]));
		const detail = `${change.file} was written while a run of ${workflow} was open that such a file had started; leave what it writes out with \`ignore:\`.`;
		const place = {firing, workspace, file: armed.file, trigger: trigger.id, kind: trigger.kind};
		journal.append(null, 0, {type: 'trigger.skipped', body: {...place, reason: 'loop', detail}}, clock.now());
		pass(change);
	};

	const forget = (writes: WatchedWrites): void => {
		known.write(writes);
		for (const file of writes.keys()) {
			candidates.delete(file);
			held.delete(file);
			problems.delete(unreadable(file).message);
		}
	};

	const complain = (problem: AiworkflowError): void => {
		const {code, message, suggestion} = failureOf(problem);
		// Of a limit of the system every folder beyond it complains.
		const name = code === 'files.watch-limit' ? code : message;
		if (problems.has(name) || problems.size >= problemsMax) return;
		problems.set(name, {workspace, workflow, trigger: trigger.id, failure: {code, message, suggestion}});
		const failure = {code, message, suggestion};
		const body = {workspace, file: armed.file, trigger: trigger.id, kind: trigger.kind, failure};
		journal.append(null, 0, {type: 'trigger.impaired', body}, clock.now());
	};

	const hint = (): void => {
		hintCount++;
		void work();
	};

	windows.track(workspace, workflow);
	const endHearing = windows.onEnded(() => {
		if (held.size > 0) void work();
	});
	const closeHints =
		trigger.pollMs === undefined
			? await openHints(workspace, filter, {
					onFile(file) {
						dirty.add(file);
						hint();
					},
					onFolder(folder) {
						folders.add(folder);
						for (const file of known.below(folder)) dirty.add(file);
						hint();
					},
					onProblem: complain,
				})
			: poll(trigger.pollMs);
	await begin();
	await work();
	return {
		update(next) {
			armed = next;
		},
		problems: () => [...problems.values()],
		async stop() {
			isStopped = true;
			cancelWake();
			endHearing();
			await closeHints();
			await working;
		},
	};

	/** Looks at all files every so often. */
	function poll(everyMs: number): () => Promise<void> {
		let cancel = () => {};
		const next = () => {
			cancel = clock.at(clock.now() + everyMs, () => {
				isSweepDue = true;
				void work();
				next();
			});
		};
		next();
		return async () => cancel();
	}

	/** What is there when it is armed for the first time is known; later, what differs from what is known has changed. */
	async function begin(): Promise<void> {
		const globs = JSON.stringify({paths: trigger.paths, ignore: trigger.ignore});
		const before = table.globsOf(key);
		const files = await filesIn(workspace, filter);
		const writes = new Map<string, Stamp | undefined>();
		if (before !== globs) {
			const {paths = [], ignore = []} = before === undefined ? {} : (JSON.parse(before) as Partial<FilesTrigger>);
			const {matches} = createFileFilter(paths, ignore);
			for (const file of files) {
				if (matches(file)) continue;
				const sight = await sightOf(path.join(workspace, file));
				if (typeof sight === 'object') writes.set(file, sight);
			}

			for (const file of known.files.keys()) if (!filter.matches(file)) writes.set(file, undefined);
			journal.project(() => {
				table.writeGlobs(key, globs);
				table.write(key, writes);
			});
			await journal.durable();
			known.write(writes);
		}

		for (const file of [...files, ...known.files.keys()]) dirty.add(file);
	}
};

/** Firings handed in within one commit. */
const takeAtOnce = 250;
/** While the desk has no room. */
const retryMs = 1000;
/** After something failed that nobody thought of. */
const defectRetryMs = 10_000;
const problemsMax = 20;

const unreadable = (file: string): AiworkflowError =>
	new AiworkflowError({
		code: 'files.unreadable',
		message: `${file} cannot be read, so no run is started for it.`,
		suggestion: 'Mend its permissions; it is looked at again by itself.',
	});

const writesOf = (changes: readonly FileChange[]): Map<string, Stamp | undefined> => {
	const writes = new Map<string, Stamp | undefined>();
	for (const {event, file, from, stamp} of changes) {
		if (from !== undefined) writes.set(from, undefined);
		writes.set(file, event === 'unlink' ? undefined : stamp);
	}

	return writes;
};
