export interface OutboxPageState {
	/** Id of the delivery under the cursor; `undefined`: the first. */
	readonly selected?: string;
}

export const initialOutboxPage: OutboxPageState = {};
