import type {AgentEvent} from '../adapter.ts';
import type {TurnFacts} from './outcome.ts';
import {type FailureMark, readUpdate} from './updates.ts';
import {createUsageMeter} from './usage.ts';

/** Follows the turns of one session: hands on what happens and keeps what decides how each turn ended. */
export interface TurnWatch {
	begin(): void;
	onUpdate(params: unknown): void;
	onAnswer(isAllowed: boolean): void;
	/** Hands on the usage of the turn. @returns What was seen of it. */
	end(response: {readonly usage?: unknown; readonly _meta?: unknown}): TurnFacts;
}

/** Enough of a turn's text to tell an error message and to quote it. */
const textStartCharacters = 400;

export const createTurnWatch = (push: (event: AgentEvent) => void): TurnWatch => {
	const meter = createUsageMeter();
	let marks: FailureMark[] = [];
	let textStart = '';
	let lastPiece = '';
	let hasRejected = false;
	return {
		begin() {
			marks = [];
			textStart = '';
			lastPiece = '';
			hasRejected = false;
		},
		onUpdate(params) {
			const {event, mark, usage} = readUpdate(params);
			if (mark) marks.push(mark);
			if (event?.t === 'text') {
				lastPiece = event.delta.slice(0, textStartCharacters);
				if (textStart.length < textStartCharacters) textStart += lastPiece;
			}

			if (event) push(event);
			const used = usage && meter.onUpdate(usage);
			if (used) push(used);
		},
		onAnswer(isAllowed) {
			hasRejected ||= !isAllowed;
		},
		end(response) {
			const used = meter.onTurnEnd(response);
			for (const event of used) push(event);
			return {marks, textStart, lastPiece, hasRejected, hasUsage: used.length > 0};
		},
	};
};
