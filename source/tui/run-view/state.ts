import type {History} from './history.ts';

/** What the view of a run remembers besides which run and step are selected. */
export interface RunViewState {
	/** What the pane below the steps shows. */
	readonly lower: LowerPane;
	/** How the steps are drawn. */
	readonly shape: 'list' | 'graph';
	/** Events of one run, fetched when somebody asks for them. */
	readonly history?: History;
	/** The moment that is shown in place of now. */
	readonly past?: Past;
	/** `seq` of the event under the cursor of the timeline; `undefined`: the last one, or that of the past. */
	readonly eventSeq?: number;
	readonly dataScroll: number;
	/** Steps whose items are listed, and the item that is selected, by run. */
	readonly items: Readonly<Record<string, PickedItem>>;
	/** Runs that were gone into from a step of another one, the outermost first. */
	readonly trail: readonly Descent[];
	/** What is looked for in the output; empty: nothing. */
	readonly search: string;
	/** Number of the line that was found last. */
	readonly found?: number;
	readonly isWrapped: boolean;
	/** Columns that are left out on the left, where lines are not wrapped. */
	readonly column: number;
	/** `undefined`: as it suits the step: what agents say rendered, what scripts print raw. */
	readonly isRendered?: boolean;
	/** When units last printed something, Unix milliseconds, by `heardKeyOf`. */
	readonly heard: ReadonlyMap<string, number>;
	/** Since when that is known: the daemon was last reached then. */
	readonly heardSinceMs?: number;
}

export const lowerPanes = ['output', 'events', 'data'] as const;
export type LowerPane = (typeof lowerPanes)[number];

export interface Past {
	readonly runId: string;
	/** Of the last event that counts. */
	readonly seq: number;
}

export interface PickedItem {
	readonly stepId: string;
	/** `undefined`: the cursor is on the step itself, and the item that matters most is shown. */
	readonly item?: number;
}

export interface Descent {
	readonly from: string;
	readonly stepId: string;
	readonly to: string;
}

export const initialRunView: RunViewState = {
	lower: 'output',
	shape: 'list',
	dataScroll: 0,
	items: {},
	trail: [],
	search: '',
	isWrapped: true,
	column: 0,
	heard: new Map(),
};
