import type {Failure} from '../errors.ts';
import type {JournalEvent} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import {emptyOutput, type OutputState} from './output/buffer.ts';

/** Everything the screen is drawn from. Immutable: each change makes a new one. */
export interface CockpitState {
	readonly workspace: string;
	/** The person's own folder, written as `~`. */
	readonly home: string;
	readonly version: string;
	readonly isReadOnly: boolean;
	readonly size: Size;
	/** When it was last painted; elapsed times are measured from here. */
	readonly nowMs: number;
	readonly connection: Connection;
	readonly runs: ReadonlyMap<string, RunState>;
	/** Ids as listed: open runs, newest first, then ended ones, newest ending first. */
	readonly order: readonly string[];
	/** Open approvals, the one that waits longest first. */
	readonly waiting: readonly Waiting[];
	/** Runs of the snapshot that is arriving; it replaces `runs` when its last page is in. */
	readonly arriving?: ReadonlyMap<string, RunState>;
	/** Events that cannot be folded before the state of their run is fetched, by run. */
	readonly orphans: ReadonlyMap<string, readonly JournalEvent[]>;
	readonly pane: PaneName;
	readonly dialog?: Dialog;
	/** Help lies over everything else. */
	readonly help?: {readonly scroll: number};
	readonly runId?: string;
	/** Steps a person picked, by run; without one the cockpit follows what happens. */
	readonly pinnedSteps: Readonly<Record<string, string>>;
	/** The row of "Needs you" under the cursor. */
	readonly approvalId?: string;
	readonly output: OutputState;
	readonly notice?: Notice;
}

export interface Size {
	readonly columns: number;
	readonly rows: number;
}

export type Connection =
	| {readonly status: 'connecting'; readonly sinceMs: number; readonly failure?: Failure}
	| {readonly status: 'live'; readonly pid: number; readonly version: string}
	| {readonly status: 'lost'; readonly sinceMs: number; readonly failure?: Failure};

export interface Waiting {
	readonly runId: string;
	readonly approvalId: string;
}

export const paneNames = ['needs', 'runs', 'steps', 'output'] as const;
export type PaneName = (typeof paneNames)[number];

export type Dialog = ApprovalDialog | ConfirmDialog;

/** Something that is asked once before it is done. */
export type ConfirmDialog =
	| {readonly kind: 'cancel' | 'retry'; readonly runId: string}
	| {readonly kind: 'skip'; readonly runId: string; readonly stepId: string};

export interface ApprovalDialog extends Waiting {
	readonly kind: 'approval';
	/** Before this moment no key decides anything: it may have been meant for what was here before. */
	readonly armedAtMs: number;
	readonly scroll: number;
	/** The answer that was sent and is not yet in the journal. */
	readonly sent?: 'approve' | 'reject';
	/** Being typed, where it is defined. */
	readonly comment?: string;
}

/** Shown until the next key. */
export interface Notice {
	readonly kind: 'info' | 'failure';
	readonly text: string;
}

/** Where keys go: the key table names these. */
export type Place = PaneName | 'approval' | 'comment' | ConfirmDialog['kind'] | 'help';

export const placeOf = (state: CockpitState): Place => {
	if (state.help) return 'help';
	if (state.dialog?.kind === 'approval' && state.dialog.comment !== undefined) return 'comment';
	return state.dialog?.kind ?? state.pane;
};

export type InitialOptions = Pick<CockpitState, 'workspace' | 'version' | 'size' | 'nowMs'> &
	Partial<Pick<CockpitState, 'home' | 'isReadOnly' | 'runId'>>;

export const initialState = ({isReadOnly = false, home = '', ...options}: InitialOptions): CockpitState => ({
	...options,
	isReadOnly,
	home,
	connection: {status: 'connecting', sinceMs: options.nowMs},
	runs: new Map(),
	order: [],
	waiting: [],
	orphans: new Map(),
	pane: 'runs',
	pinnedSteps: {},
	output: emptyOutput,
});
