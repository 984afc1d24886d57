import type {RunState, StepState} from '../../run/state.ts';
import {stepGlyphOf, stepStyleOf} from '../rows/step.ts';
import {selectedRunOf, selectedStepOf} from '../select.ts';
import type {CockpitState, Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import type {Row} from '../text/row.ts';
import {widthOf} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {type BoxLabel, drawGraph} from './draw.ts';
import {boxRows, type GraphLayout, layoutGraph, type PlacedBox} from './layout.ts';

/** The steps of a run as boxes and lines. */

const labelColumnsMax = 28;

/** Room for what a label may come to say, so that boxes do not move while it is said. */
const boxWidthOf = (step: StepState): number => Math.min(widthOf(labelTextOf(step, true)) + 2, labelColumnsMax) + 4;

/** `fix 37/100`, `ship back to draft` */
const labelTextOf = ({id, items, isEach, generation, goto}: StepState, isFull = false): string => {
	const total = items?.values.length;
	const ended = items && items.counts.completed + items.counts.failed + items.counts.cancelled;
	return [
		cleanText(id),
		total === undefined ? (isEach ? 'each' : '') : `${isFull ? total : ended}/${total}`,
		generation > 1 ? `gen ${generation}` : '',
		goto === undefined ? '' : `(no: ${cleanText(goto)})`,
	]
		.filter(Boolean)
		.join(' ');
};

export const graphOf = (run: RunState): GraphLayout => {
	const nodes = run.stepOrder.map(id => ({id, needs: run.steps[id]!.needs, width: boxWidthOf(run.steps[id]!)}));
	const key = nodes.map(({width}) => width).join(' ');
	const known = layouts.get(run.stepOrder);
	if (known?.key === key) return known.layout;
	const layout = layoutGraph(nodes);
	layouts.set(run.stepOrder, {key, layout});
	return layout;
};

/** The steps of a run and what they need never change; only the widths of their boxes do. */
const layouts = new WeakMap<readonly string[], {readonly key: string; readonly layout: GraphLayout}>();

/** Rows that the whole graph would take, borders included. */
export const graphRowsOf = (run: RunState): number => graphOf(run).rows + 2;

/** @returns Why there is only a list; `undefined` where the graph can be drawn in a pane of this size. */
export const noGraphReason = (run: RunState, size: Size): string | undefined => {
	const widest = Math.max(0, ...graphOf(run).boxes.map(({width}) => width));
	return size.rows - 2 < boxRows || size.columns - 2 < widest ? 'no room for the graph' : undefined;
};

/** @returns As many rows as fit into the pane, around the selected step. */
export const graphRowsShown = (state: CockpitState, run: RunState, size: Size, look: Look): Row[] => {
	const layout = graphOf(run);
	const selected = selectedStepOf(state)?.id;
	const at = layout.boxes.find(({id}) => id === selected);
	const columns = size.columns - 2;
	const rows = size.rows - 2;
	const window = {
		columns,
		rows,
		x: firstOf(layout.columns, columns, at ? at.x + at.width / 2 : 0),
		y: firstOf(layout.rows, rows, at ? at.y + boxRows / 2 : 0),
	};
	const labelOf = (id: string): BoxLabel => {
		const step = run.steps[id]!;
		return {
			text: `${stepGlyphOf(step, look)} ${labelTextOf(step)}`,
			style: stepStyleOf(step),
			isSelected: id === selected,
		};
	};
	return drawGraph(layout, labelOf, window, look.glyphs);
};

const firstOf = (total: number, room: number, middle: number): number =>
	Math.max(0, Math.min(Math.round(middle - room / 2), total - room));

export type Direction = 'left' | 'right' | 'up' | 'down';

/** @returns The state with the cursor on the box that lies there; where there is none it stays. */
export const movedInGraph = (state: CockpitState, direction: Direction): CockpitState => {
	const run = selectedRunOf(state);
	const step = selectedStepOf(state);
	if (!run || !step) return state;
	const {boxes} = graphOf(run);
	const from = boxes.find(({id}) => id === step.id);
	const next = from && boxTowards(run, boxes, from, direction);
	return next ? {...state, pinnedSteps: {...state.pinnedSteps, [run.id]: next.id}} : state;
};

const boxTowards = (
	run: RunState,
	boxes: readonly PlacedBox[],
	from: PlacedBox,
	direction: Direction,
): PlacedBox | undefined => {
	const nearest = (candidates: readonly PlacedBox[]): PlacedBox | undefined =>
		candidates.toSorted((a, b) => distanceOf(a, from) - distanceOf(b, from))[0];
	switch (direction) {
		case 'up':
			return nearest(boxes.filter(box => box.layer === from.layer && box.y < from.y));
		case 'down':
			return nearest(boxes.filter(box => box.layer === from.layer && box.y > from.y));
		case 'left': {
			const needs = new Set(run.steps[from.id]!.needs);
			return nearest(boxes.filter(({id}) => needs.has(id))) ?? nearest(boxes.filter(box => box.layer < from.layer));
		}

		case 'right':
			return (
				nearest(boxes.filter(({id}) => run.steps[id]!.needs.includes(from.id))) ??
				nearest(boxes.filter(box => box.layer > from.layer))
			);
	}
};

/** Layers first: a neighbour in the next one is nearer than any box further on. */
const distanceOf = (a: PlacedBox, b: PlacedBox): number => Math.abs(a.layer - b.layer) * 10_000 + Math.abs(a.y - b.y);
