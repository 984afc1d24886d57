import type {RunState} from '../../run/state.ts';
import type {Paint} from '../colour.ts';
import {padEnd} from '../table.ts';
import {titleOf} from './words.ts';

export interface ProgressStyle {
	readonly paint: Paint;
	/** Beginnings of steps, sessions and usage as well. */
	readonly isVerbose: boolean;
	/** Names the run in lines about steps as well: for lines of several runs. */
	readonly hasTitles?: boolean;
}

type Facts = readonly (string | undefined)[];

/** Writes lines of one run, aligned with each other. */
export interface Pen extends ProgressStyle {
	/** @param name Of a step or an item. */
	readonly step: (glyph: string, name: string, ...facts: Facts) => string;
	readonly run: (glyph: string, ...facts: Facts) => string;
}

export const penOf = (run: RunState, {paint, isVerbose, hasTitles}: ProgressStyle): Pen => ({
	paint,
	isVerbose,
	step: (glyph, name, ...facts) =>
		[
			`${glyph} ${hasTitles ? `${paint.bold(titleOf(run))}  ${name}` : padEnd(name, idWidthOf(run))}`,
			...facts.filter(Boolean),
		]
			.join('  ')
			.trimEnd(),
	run: (glyph, ...facts) => `${glyph} ${paint.bold(titleOf(run))}  ${facts.filter(Boolean).join('  ')}`,
});

/** With room for the number of an item. */
const idWidthOf = ({stepOrder, steps}: RunState) =>
	Math.min(24, Math.max(...stepOrder.map(id => id.length + (steps[id]!.isEach ? 3 : 0))));
