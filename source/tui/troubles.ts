import type {AgentTroubleView} from '../api/messages.ts';
import type {CockpitState} from './state.ts';
import {cleanText} from './text/clean.ts';
import {clockWords} from './times.ts';

/** What is wrong with an agent at this moment, in few words. */
export interface Trouble {
	readonly agent: string;
	/** `open until 15:00`, `disabled`, `does not work`. */
	readonly words: string;
	/** When it is over by itself. */
	readonly untilMs?: number;
}

/** @returns What speaks against agents now; a breaker whose time is over does not. */
export const troublesOf = ({fetched, nowMs}: Pick<CockpitState, 'fetched' | 'nowMs'>): Trouble[] =>
	(fetched.troubles?.value ?? []).flatMap(view => troubleOf(view, nowMs) ?? []);

const troubleOf = ({id, breaker, disabled, detail}: AgentTroubleView, nowMs: number): Trouble | undefined => {
	const agent = cleanText(id);
	if (disabled) return {agent, words: 'disabled'};
	const untilMs = breaker?.untilAt ? Date.parse(breaker.untilAt) : 0;
	if (breaker?.state === 'open' && untilMs > nowMs)
		return {agent, words: `open until ${clockWords(untilMs, nowMs)}`, untilMs};
	return detail === null ? undefined : {agent, words: 'does not work'};
};
