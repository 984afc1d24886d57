import path from 'node:path';
import type {WorkflowView} from '../../../../api/messages.ts';
import {resourceWordsOf} from '../../../rows/resource.ts';
import type {CockpitState, Size} from '../../../state.ts';
import {cleanText} from '../../../text/clean.ts';
import {type Row, span} from '../../../text/row.ts';
import {shortPathOf} from '../../../text/short-path.ts';
import {wrap} from '../../../text/width.ts';

export const trustRowsOf = (state: CockpitState, columns: number): Row[] => {
	const {fetched, workspace, home} = state;
	const words = resourceWordsOf(fetched.workspace, '', false);
	if (words !== undefined) return wrap(words, columns - 2).map(text => [span(` ${text}`)]);
	const {files} = fetched.workspace!.value!;
	const introduction = `Trusting ${shortPathOf(workspace, home)} covers these files, as they are now. They may name programs that are started, allow agents things and set budgets. Read them first.`;
	const startsItself = startingThemselvesOf(state).size > 0;
	return [
		...wrap(introduction, columns - 2).map(text => [span(` ${text}`)]),
		[],
		...files.flatMap(file => fileRowsOf(file, state, columns)),
		[],
		...(startsItself
			? wrap('Its triggers are armed: their runs have the environment of this cockpit.', columns - 2).map(text => [
					span(` ${text}`),
				])
			: []),
		...wrap(
			'When one of them changes, the workspace is not trusted any more until somebody trusts it again.',
			columns - 2,
		).map(text => [span(` ${text}`, 'muted')]),
	];
};

/** A file, and what of it fires by itself from then on. */
const fileRowsOf = (file: string, state: CockpitState, columns: number): Row[] => [
	[span(`   ${cleanText(file)}`, 'strong')],
	...(startingThemselvesOf(state).get(path.join(state.workspace, file)) ?? []).flatMap(({name, settings}) =>
		wrap(cleanText(`starts itself on ${name} ${settings}`), columns - 8).map(text => [span(`       ${text}`, 'alert')]),
	),
];

/** By file. */
const startingThemselvesOf = ({fetched}: CockpitState): ReadonlyMap<string, WorkflowView['triggers']> =>
	new Map(
		(fetched.workflows?.value ?? []).flatMap(({file, triggers}) =>
			triggers.length === 0 ? [] : [[file, triggers] as const],
		),
	);

/** @returns The last position it can be scrolled to. */
export const trustScrollMaxOf = (state: CockpitState, size: Size): number =>
	Math.max(0, trustRowsOf(state, size.columns - 2).length - (size.rows - 2));
