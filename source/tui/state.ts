import type {Failure} from '../errors.ts';
import type {JournalEvent} from '../run/events.ts';
import type {RunState} from '../run/state.ts';
import type {Attention} from './attention.ts';
import type {Fetched} from './fetched/definitions.ts';
import type {Binding} from './keys/bindings.ts';
import {nothingRemembered, type Remembered} from './memory/remembered.ts';
import {emptyOutput, type OutputState} from './output/buffer.ts';
import type {PageName} from './pages/pages.ts';
import {initialPages, type PagesState} from './pages/pages-state.ts';
import type {FormDialog, PageFilterDialog, TrustDialog, WorkflowDialog} from './pages/workflows/page-state.ts';
import type {TemplateFilterDialog, TemplatesDialog} from './pages/workflows/templates/page-state.ts';
import {isPast} from './run-view/past.ts';
import {initialRunView, type RunViewState} from './run-view/state.ts';
import {type Theme, themes} from './theme.ts';

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
	/** What a person should know of, dearest to wait for first. */
	readonly attention: readonly Attention[];
	/** The open approvals among them, in the same order. */
	readonly waiting: readonly Waiting[];
	/** Failed runs that somebody looked at here. */
	readonly seen: ReadonlySet<string>;
	/** Runs of the snapshot that is arriving; it replaces `runs` when its last page is in. */
	readonly arriving?: ReadonlyMap<string, RunState>;
	/** Events that cannot be folded before the state of their run is fetched, by run. */
	readonly orphans: ReadonlyMap<string, readonly JournalEvent[]>;
	/** `home`: runs and the selected one of them. */
	readonly screen: 'home' | PageName;
	readonly pages: PagesState;
	readonly fetched: Fetched;
	/** Of home. */
	readonly pane: PaneName;
	/** How much of home the pane with the focus takes: its share, the run or the list alone, or only that pane. */
	readonly zoom: 0 | 1 | 2;
	/** Chosen in the cockpit, or looked at; missing: that of the settings. */
	readonly theme?: Theme;
	/** That of the settings. */
	readonly settledTheme: Theme;
	/** What there is to choose from; the ones of the person's own come a moment after the screen. */
	readonly themes: readonly Theme[];
	/** Which runs are listed: see `list-filter.ts`. */
	readonly filter: string;
	readonly dialog?: Dialog;
	/** Help lies over everything else. */
	readonly help?: {readonly scroll: number};
	readonly runId?: string;
	/** Steps a person picked, by run; without one the cockpit follows what happens. */
	readonly pinnedSteps: Readonly<Record<string, string>>;
	/** The row of "Needs you" under the cursor. */
	readonly attentionId?: string;
	readonly output: OutputState;
	readonly runView: RunViewState;
	/** The keys, where the person has changed some; default: `bindings`. */
	readonly keyTable?: readonly Binding[];
	/** Snapshots taken in so far: what came with one is not news. */
	readonly snapshots: number;
	readonly notice?: Notice;
	/** From days before, and what this one adds to it. */
	readonly remembered: Remembered;
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

/** Themes are looked at, one after the other, on the screen as it is. */
export interface ThemesDialog {
	readonly kind: 'themes';
	/** What it was, for whoever takes it back. */
	readonly before?: Theme;
}

export type Dialog =
	| ApprovalDialog
	| ConfirmDialog
	| AnswerAllDialog
	| ExportDialog
	| FilterDialog
	| PaletteDialog
	| SearchDialog
	| FormDialog
	| TrustDialog
	| WorkflowDialog
	| TemplatesDialog
	| TemplateFilterDialog
	| ThemesDialog
	| PageFilterDialog
	| ThemesDialog;

/** Several questions are about to get the same yes. Only these, whatever comes meanwhile. */
export interface AnswerAllDialog {
	readonly kind: 'answer-all';
	readonly questions: readonly Waiting[];
	/** As for one question. */
	readonly armedAtMs: number;
	readonly scroll: number;
}

/** The filter of the list is being typed; it holds at once. */
export interface FilterDialog {
	readonly kind: 'filter';
	/** What it was, for whoever takes it back. */
	readonly before: string;
}

/** What is looked for in the output is being typed. */
export interface SearchDialog {
	readonly kind: 'search';
}

/** In which form a run is written to a file is being asked. */
export interface ExportDialog {
	readonly kind: 'export';
	readonly runId: string;
	/** Only up to this event. */
	readonly seq?: number;
}

/** Every action by name. */
export interface PaletteDialog {
	readonly kind: 'palette';
	readonly text: string;
	/** Index among those that fit. */
	readonly cursor: number;
}

/** Something that is asked once before it is done. */
export type ConfirmDialog =
	| {readonly kind: 'cancel' | 'retry'; readonly runId: string}
	| {readonly kind: 'skip'; readonly runId: string; readonly stepId: string}
	| {readonly kind: 'fork'; readonly runId: string; readonly seq: number}
	/** @param schedule Its name. */
	| {readonly kind: 'fire'; readonly schedule: string}
	/** @param delivery Id of a dead letter. @param to Where it goes. */
	| {readonly kind: 'replay'; readonly delivery: string; readonly to: string};

export const isConfirm = (dialog: Dialog): dialog is ConfirmDialog => confirmKinds.has(dialog.kind);
const confirmKinds: ReadonlySet<string> = new Set<ConfirmDialog['kind']>([
	...(['cancel', 'retry', 'skip', 'fork', 'fire', 'replay'] as const),
]);

export interface ApprovalDialog extends Waiting {
	readonly kind: 'approval';
	/** Before this moment no key decides anything: it may have been meant for what was here before. */
	readonly armedAtMs: number;
	readonly scroll: number;
	/** The answer that was sent and is not yet in the journal. */
	readonly sent?: 'approve' | 'reject';
	/** What was made of the text that may be changed. */
	readonly edited?: string;
	/** Whether it is being asked if the same is to be allowed for the rest of the run. */
	readonly isForRunAsked?: boolean;
	/** Being typed, where it is defined. */
	readonly comment?: string;
	/** What a budget is to be extended by, being typed, where it is defined. */
	readonly amount?: string;
}

/** Shown until the next key. */
export interface Notice {
	readonly kind: 'info' | 'failure';
	readonly text: string;
	/** It is not about the daemon, and stays when one comes. */
	readonly isLasting?: boolean;
}

/** Where keys go: the key table names these. */
export type Place =
	| PaneName
	| PageName
	| 'approval'
	| 'comment'
	| 'amount'
	| ConfirmDialog['kind']
	| 'for-run'
	| 'answer-all'
	| 'filter'
	| 'palette'
	| 'themes'
	| 'form'
	/** A field of a form whose value is picked, not typed. */
	| 'choice'
	| 'trust'
	| 'workflow'
	| 'page-filter'
	| 'templates'
	| 'template-filter'
	| 'search'
	| 'export'
	/** The view of a run as it was: nothing is decided there. */
	| 'past'
	| 'help';

export const placeOf = (state: CockpitState): Place => {
	if (state.help) return 'help';
	if (state.dialog?.kind === 'approval' && state.dialog.comment !== undefined) return 'comment';
	if (state.dialog?.kind === 'approval' && state.dialog.amount !== undefined) return 'amount';
	if (state.dialog?.kind === 'approval' && state.dialog.isForRunAsked) return 'for-run';
	if (state.dialog?.kind === 'form' && isChoiceShown(state.dialog)) return 'choice';
	if (state.dialog) return state.dialog.kind;
	if (state.screen !== 'home') return state.screen;
	return isPast(state) ? 'past' : state.pane;
};

const isChoiceShown = ({fields, cursor}: FormDialog): boolean => fields[cursor]?.choices !== undefined;

export type InitialOptions = Pick<CockpitState, 'workspace' | 'version' | 'size' | 'nowMs'> &
	Partial<Pick<CockpitState, 'home' | 'isReadOnly' | 'runId' | 'keyTable' | 'notice' | 'theme' | 'settledTheme'>>;

export const initialState = ({isReadOnly = false, home = '', ...options}: InitialOptions): CockpitState => ({
	settledTheme: themes.default,
	...options,
	isReadOnly,
	home,
	connection: {status: 'connecting', sinceMs: options.nowMs},
	runs: new Map(),
	order: [],
	attention: [],
	waiting: [],
	seen: new Set(),
	orphans: new Map(),
	screen: 'home',
	pages: initialPages,
	fetched: {},
	pane: 'runs',
	zoom: 0,
	themes: Object.values(themes),
	filter: '',
	pinnedSteps: {},
	output: emptyOutput,
	runView: initialRunView,
	snapshots: 0,
	remembered: nothingRemembered,
});
