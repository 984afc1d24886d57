import {unitNameOf} from '../../../source/run/state.ts';
import type {Effect} from '../../../source/tui/keys/actions.ts';
import {keyPressesOf} from '../../../source/tui/keys/names.ts';
import {press} from '../../../source/tui/keys/press.ts';
import {emptyOutput, withChunks} from '../../../source/tui/output/buffer.ts';
import {outputTargetOf} from '../../../source/tui/select.ts';
import {type CockpitState, initialState} from '../../../source/tui/state.ts';
import {absorb} from '../../../source/tui/store/absorb.ts';
import type {ScriptedDaemon} from './scripted-daemon.ts';

/** A moment that tests can name: 20 November 2026, 14:02:11 UTC. */
export const noonMs = Date.UTC(2026, 10, 20, 14, 2, 11);

/** @returns What a cockpit shows that has just connected to this daemon, its output fetched. */
export const stateOf = (daemon: ScriptedDaemon, columns = 120, rows = 35): Promise<CockpitState> => {
	const state = initialState({
		workspace: '/src/shop',
		home: '/home/ada',
		version: '0.1.0',
		size: {columns, rows},
		nowMs: daemon.clock.nowMs,
	});
	const page = {cursor: 0, runs: [...daemon.runs.values()].toReversed(), isLast: true};
	const live = {...state, connection: {status: 'live', pid: 1, version: '0.1.0'}} as const;
	return withOutput(daemon, absorb(live, [{kind: 'snapshot', page}]));
};

/** @returns The state with the output of its selected step fetched, as the session would. */
export const withOutput = async (daemon: ScriptedDaemon, state: CockpitState): Promise<CockpitState> => {
	const target = outputTargetOf(state);
	if (!target) return {...state, output: emptyOutput};
	const connected = await daemon.connect();
	const name = unitNameOf(target.stepId, target.item);
	const page = await connected.output(target.runId, name, {stdout: 0, stderr: 0});
	const status = page.isEnded ? ('ended' as const) : ('live' as const);
	return {...state, output: withChunks({...emptyOutput, target, status}, page.chunks)};
};

/** Presses keys by their table names, each by itself. @returns The last state and every effect. */
export const pressAll = (
	state: CockpitState,
	...names: readonly string[]
): {state: CockpitState; effects: Effect[]} => {
	const effects: Effect[] = [];
	let current = state;
	for (const name of names) {
		const text = [...name].length === 1 ? name : name === 'space' ? ' ' : '';
		const outcome = press(current, {name, text, isAlone: true});
		current = outcome.state;
		if (outcome.effect) effects.push(outcome.effect);
	}

	return {state: current, effects};
};

/** @returns The state some time later. */
export const later = (state: CockpitState, ms: number): CockpitState => ({...state, nowMs: state.nowMs + ms});

export {keyPressesOf};
