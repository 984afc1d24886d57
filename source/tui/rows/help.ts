import {type Binding, bindings} from '../keys/bindings.ts';
import {type CockpitState, type Place, placeOf, type Size} from '../state.ts';
import {type Row, span} from '../text/row.ts';
import {fitText} from '../text/width.ts';

/** Every key, with the reason why it does nothing where it does nothing. */
export const helpRowsOf = (state: CockpitState): Row[] => {
	// Reasons are about what lies under the help.
	const under = {...state, help: undefined};
	return groups.flatMap(({title, places}, index) => [
		...(index > 0 ? [[]] : []),
		[span(title, 'strong')],
		...bindingsOf(index).map(binding => helpRowOf(binding, under, places)),
	]);
};

/** @returns The last position it can be scrolled to. */
export const helpScrollMaxOf = (size: Size | undefined): number =>
	Math.max(0, bindings.length + groups.length * 2 - 1 - ((size?.rows ?? 4) - 2));

/** A key is listed once: in the first group that has one of its places. */
const groups: readonly {readonly title: string; readonly places: readonly Place[]}[] = [
	{title: 'Runs, steps and output', places: ['needs', 'runs', 'steps', 'output']},
	{title: 'A question, opened with a', places: ['approval']},
	{title: 'Its comment', places: ['comment']},
	{title: 'Cancel, retry or skip?', places: ['cancel', 'retry', 'skip']},
	{title: 'This help', places: ['help']},
];

const bindingsOf = (groupIndex: number): Binding[] =>
	bindings.filter(
		({where}) => groups.findIndex(({places}) => places.some(place => where.includes(place))) === groupIndex,
	);

const helpRowOf = (binding: Binding, state: CockpitState, places: readonly Place[]): Row => {
	const reason = places.includes(placeOf(state)) ? binding.disabledReason?.(state) : undefined;
	return [
		span(` ${fitText(binding.keys.join(' '), 14, '~')}`, reason ? 'muted' : 'key'),
		span(` ${binding.description}`, reason ? 'muted' : 'text'),
		...(reason ? [span(`  (${reason})`, 'muted')] : []),
	];
};
