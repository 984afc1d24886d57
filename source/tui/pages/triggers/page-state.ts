export interface TriggersPageState {
	/** The trigger under the cursor, by file and place in it; `undefined`: the first. */
	readonly selected?: string;
}

export const initialTriggersPage: TriggersPageState = {};
