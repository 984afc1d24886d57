import type {CockpitState} from '../state.ts';
import {placeOf} from '../state.ts';
import {actions, type Effect, type Outcome} from './actions.ts';
import {type Binding, bindingFor} from './bindings.ts';
import type {KeyPress} from './names.ts';
import {isTyping, typed} from './typing.ts';

export type {Effect, Outcome};

/** What a key does: a pure function of the state and the table. A disabled key says why. */
export const press = (state: CockpitState, key: KeyPress): Outcome => {
	const place = placeOf(state);
	const quiet: CockpitState = {...state, notice: undefined};
	const binding = bindingFor(key.name, place, state.keyTable);
	if (!binding) return {state: typed(quiet, key)};
	const reason = reasonAgainst(binding, key, quiet);
	return reason ? {state: {...quiet, notice: {kind: 'info', text: reason}}} : actions[binding.action](quiet);
};

const reasonAgainst = (binding: Binding, key: KeyPress, state: CockpitState): string | undefined =>
	binding.isDecision && !key.isAlone
		? 'Several keys came at once; a decision has to be pressed by itself.'
		: binding.disabledReason?.(state);

/** Pasted text belongs where text is typed and nowhere else. */
export const paste = (state: CockpitState, text: string): CockpitState =>
	isTyping(state)
		? typed(state, {name: 'paste', text, isAlone: false})
		: {...state, notice: {kind: 'info', text: 'Pasted text is ignored here: keys have to be pressed.'}};
