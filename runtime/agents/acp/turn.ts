import {setTimeout as delay} from 'node:timers/promises';
import type {AgentEvent} from '../adapter.ts';
import type {TurnFacts} from './outcome.ts';
import {type FailureMark, readUpdate} from './updates.ts';
import type {UsageMeter} from './usage.ts';

/** Follows the turns of one session: hands on what happens and keeps what decides how each turn ended. */
export interface TurnWatch {
	/** Until then nothing is handed on: what a loaded session says again was said before. */
	listen(): void;
	/** Resolves when nothing came for a moment, or too much for too long. */
	whenSilent(): Promise<void>;
	begin(): void;
	onUpdate(params: unknown): void;
	onAnswer(isAllowed: boolean): void;
	/** The piece of text that came last in this turn: Claude says more in it than in its error. */
	lastPiece(): string;
	/** Hands on the usage of the turn. @returns What was seen of it. */
	end(response: {readonly usage?: unknown; readonly _meta?: unknown}): TurnFacts;
}

/** Enough of a turn's text to tell an error message and to quote it. */
const textStartCharacters = 400;

/** Gemini's replay of a short session is over within some milliseconds of its answer. */
const silenceMs = 300;
const silenceMsMax = 5000;

export const createTurnWatch = (push: (event: AgentEvent) => void, meter: UsageMeter): TurnWatch => {
	let isListening = false;
	let heardAtMs = performance.now();
	let marks: FailureMark[] = [];
	let textStart = '';
	let lastPiece = '';
	let hasRejected = false;
	let hasSpokenSince = false;
	return {
		listen() {
			isListening = true;
		},
		async whenSilent() {
			const deadlineMs = performance.now() + silenceMsMax;
			heardAtMs = performance.now();
			for (;;) {
				const leftMs = Math.min(heardAtMs + silenceMs, deadlineMs) - performance.now();
				if (leftMs <= 0) return;
				await delay(leftMs);
			}
		},
		begin() {
			marks = [];
			textStart = '';
			lastPiece = '';
			hasRejected = false;
			hasSpokenSince = false;
		},
		onUpdate(params) {
			heardAtMs = performance.now();
			if (!isListening) return;
			const {event, mark, usage} = readUpdate(params);
			if (mark) marks.push(mark);
			if (event?.t === 'text') {
				lastPiece = event.delta.slice(0, textStartCharacters);
				hasSpokenSince ||= lastPiece.trim() !== '';
				if (textStart.length < textStartCharacters) textStart += lastPiece;
			}

			if (event) push(event);
			const used = usage && meter.onUpdate(usage);
			if (used) push(used);
		},
		onAnswer(isAllowed) {
			if (isAllowed) return;
			hasRejected = true;
			hasSpokenSince = false;
		},
		lastPiece: () => lastPiece,
		end(response) {
			const used = meter.onTurnEnd(response);
			for (const event of used) push(event);
			return {marks, textStart, lastPiece, hasRejected, hasSpokenSince, hasUsage: used.length > 0};
		},
	};
};
