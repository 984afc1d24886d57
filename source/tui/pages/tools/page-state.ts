export interface ToolsPageState {
	/** Name of the tool under the cursor; `undefined`: the first. */
	readonly selected?: string;
	/** Which half the keys move. */
	readonly half: 'list' | 'details';
	/** First row of the details that is shown. */
	readonly scroll: number;
}

export const initialToolsPage: ToolsPageState = {half: 'list', scroll: 0};
