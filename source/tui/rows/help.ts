import type {ActionName} from '../keys/actions.ts';
import {type Binding, bindings} from '../keys/bindings.ts';
import {keyOf, keyTableOf} from '../keys/remap.ts';
import {pageNames, pages} from '../pages/pages.ts';
import {type CockpitState, type Place, placeOf, type Size} from '../state.ts';
import {type Row, span} from '../text/row.ts';
import {fitText} from '../text/width.ts';

/** Every key, with the reason why it does nothing where it does nothing. */
export const helpRowsOf = (state: CockpitState): Row[] => {
	// Reasons are about what lies under the help.
	const under = {...state, help: undefined};
	const table = keyTableOf(state);
	const here = placeOf(under);
	// What can be pressed where a person is comes first.
	const ordered = groups.toSorted((a, b) => Number(b.places.includes(here)) - Number(a.places.includes(here)));
	return ordered.flatMap(({title, openedBy, places}, index) => [
		...(index > 0 ? [[]] : []),
		[span(openedBy ? `${title}, opened with ${keyOf(openedBy, state)}` : title, 'strong')],
		...bindingsOf(
			table,
			groups.findIndex(group => group.title === title),
		).map(binding => helpRowOf(binding, under, places)),
	]);
};

/** @returns The last position it can be scrolled to. */
export const helpScrollMaxOf = (size: Size | undefined): number =>
	Math.max(0, bindings.length + groups.length * 2 - 1 - ((size?.rows ?? 4) - 2));

/** A key is listed once: in the first group that has one of its places. */
const groups: readonly {
	readonly title: string;
	readonly openedBy?: ActionName;
	readonly places: readonly Place[];
}[] = [
	{title: 'Runs, steps and output', places: ['needs', 'runs', 'steps', 'output']},
	...pageNames.map(name => ({title: `Screen: ${pages[name].title}`, places: [name]})),
	{title: 'The form of a run', openedBy: 'open-form', places: ['form', 'choice']},
	{title: 'The templates', openedBy: 'templates', places: ['templates', 'template-filter']},
	{title: 'Trust this workspace?', places: ['trust']},
	{title: 'The file of a workflow', openedBy: 'show-workflow', places: ['workflow']},
	{title: 'A run as it was', places: ['past']},
	{title: 'Write it to a file?', places: ['export']},
	{title: 'The search', places: ['search']},
	{title: 'A question', openedBy: 'answer', places: ['approval']},
	{title: 'Its comment', places: ['comment']},
	{title: 'Another amount', places: ['amount']},
	{title: 'For the rest of the run?', places: ['for-run']},
	{title: 'Several questions at once', places: ['answer-all']},
	{title: 'The filter', places: ['filter', 'page-filter']},
	{title: 'The list of commands', places: ['palette']},
	{title: 'The themes', places: ['themes']},
	{
		title: 'Cancel, retry, skip, fork, fire or replay?',
		places: ['cancel', 'retry', 'skip', 'fork', 'fire', 'replay'],
	},
	{title: 'This help', places: ['help']},
];

const bindingsOf = (table: readonly Binding[], groupIndex: number): Binding[] =>
	table.filter(({where}) => groups.findIndex(({places}) => places.some(place => where.includes(place))) === groupIndex);

const helpRowOf = (binding: Binding, state: CockpitState, places: readonly Place[]): Row => {
	// A key of several groups stands in the first; whether it works here is said wherever it stands.
	const here = placeOf(state);
	const reason = places.includes(here) || binding.where.includes(here) ? binding.disabledReason?.(state) : undefined;
	return [
		span(` ${fitText(binding.keys.join(' '), 20, '~')}`, reason ? 'muted' : 'key'),
		span(` ${binding.description}`, reason ? 'muted' : 'text'),
		...(reason ? [span(`  (${reason})`, 'muted')] : []),
	];
};
