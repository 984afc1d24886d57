import type {JournalEvent} from '../../source/run/events.ts';
import type {ArmedWorkspaces} from '../store/armed-workspaces.ts';
import type {FiringsTable} from '../store/firings.ts';
import {type Arming, createArming} from './arming.ts';
import {createDesk, type Desk, type DeskJournal} from './desk.ts';
import type {RunStarter, TriggerDesk, TriggerProblem, TriggerSource} from './parts.ts';

export interface TriggerRoomParts {
	readonly armedWorkspaces: ArmedWorkspaces;
	readonly firings: FiringsTable;
	readonly journal: DeskJournal;
	readonly now: () => number;
	readonly runs: RunStarter;
	readonly isTrusted: (workspace: string) => Promise<boolean>;
	readonly isDraining: () => boolean;
	/** Hears of what was journalled, after it is durable. @returns A function that ends that. */
	readonly subscribe: (listener: (events: readonly JournalEvent[]) => void) => () => void;
	readonly onDefect: (error: unknown, where: string) => void;
	/** One for each kind of trigger. */
	readonly sources: (desk: TriggerDesk) => readonly TriggerSource[];
}

export interface TriggerRoom {
	readonly arming: Arming;
	readonly desk: Desk;
	readonly firings: FiringsTable;
	/** Takes up what was received before the daemon ended, arms what was armed, and listens. */
	begin(): Promise<void>;
	/** What keeps triggers from noticing all that happens. */
	problems(): readonly TriggerProblem[];
	stop(): Promise<void>;
}

/** What starts runs by itself. */
export const createTriggerRoom = (parts: TriggerRoomParts): TriggerRoom => {
	const {armedWorkspaces, firings, journal, now, runs, isTrusted, isDraining, onDefect} = parts;
	const arming = createArming({
		...{table: armedWorkspaces, journal, now, isTrusted, onDefect},
		onChange: () => desk.resume(),
	});
	const desk = createDesk({firings, arming, runs, journal, now, isDraining, onDefect});
	const unsubscribe = parts.subscribe(events => {
		for (const {type, runId} of events) {
			if (runId === null || !endings.has(type)) continue;
			const settled = runs.endingOf(runId);
			if (settled !== undefined && settled !== 'open') desk.runEnded(runId, settled);
		}
	});

	let sources: readonly TriggerSource[] = [];

	return {
		arming,
		desk,
		firings,
		problems: () => sources.flatMap(source => source.problems?.() ?? []),
		async begin() {
			sources = parts.sources(desk);
			// What runs already is known before a source hands in more; nothing begins before it is armed.
			desk.recover();
			await arming.begin(sources);
			desk.resume();
		},
		async stop() {
			unsubscribe();
			desk.stop();
			await arming.stop();
		},
	};
};

const endings: ReadonlySet<string> = new Set(['run.completed', 'run.failed', 'run.cancelled']);
