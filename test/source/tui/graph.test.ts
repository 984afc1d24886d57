import {describe, expect, test} from 'vitest';
import {asciiGlyphs, unicodeGlyphs} from '../../../source/tui/glyphs.ts';
import {drawGraph} from '../../../source/tui/graph/draw.ts';
import {type GraphNode, layoutGraph} from '../../../source/tui/graph/layout.ts';
import {noGraphReason} from '../../../source/tui/graph/steps.ts';
import {selectedStepOf} from '../../../source/tui/select.ts';
import {playBusy} from './scenes.ts';
import {noonMs, pressAll, stateOf} from './states.ts';

/** `a b<a c<a d<b,c` */
const nodesOf = (text: string): GraphNode[] =>
	text.split(' ').map(part => {
		const [id, needs = ''] = part.split('<');
		return {id: id!, needs: needs.split(',').filter(Boolean), width: id!.length + 4};
	});

const drawnOf = (text: string, glyphs = unicodeGlyphs): string => {
	const layout = layoutGraph(nodesOf(text));
	const labelOf = (id: string) => ({text: id, style: 'text', isSelected: false}) as const;
	const window = {x: 0, y: 0, columns: layout.columns, rows: layout.rows};
	return `\n${drawGraph(layout, labelOf, window, glyphs)
		.map(row =>
			row
				.map(span => span.text)
				.join('')
				.trimEnd(),
		)
		.join('\n')}\n`;
};

describe('a graph', () => {
	test('of a diamond', () => {
		expect(drawnOf('a b<a c<a d<b,c')).toMatchInlineSnapshot(`
			"
			╭───╮     ╭───╮     ╭───╮
			│ a │─┬──▶│ b │─┬──▶│ d │
			╰───╯ │   ╰───╯ │   ╰───╯
			      │   ╭───╮ │
			      ╰──▶│ c │─╯
			          ╰───╯
			"
		`);
	});

	test('in ASCII', () => {
		expect(drawnOf('a b<a c<a d<b,c', asciiGlyphs)).toMatchInlineSnapshot(`
			"
			+---+     +---+     +---+
			| a |-+-->| b |-+-->| d |
			+---+ |   +---+ |   +---+
			      |   +---+ |
			      +-->| c |-+
			          +---+
			"
		`);
	});

	test('of a chain', () => {
		expect(drawnOf('a b<a c<b d<c')).toMatchInlineSnapshot(`
			"
			╭───╮     ╭───╮     ╭───╮     ╭───╮
			│ a │────▶│ b │────▶│ c │────▶│ d │
			╰───╯     ╰───╯     ╰───╯     ╰───╯
			"
		`);
	});

	test('of parts that have nothing to do with each other', () => {
		expect(drawnOf('a b<a c d<c e')).toMatchInlineSnapshot(`
			"
			╭───╮     ╭───╮
			│ a │────▶│ b │
			╰───╯     ╰───╯
			╭───╮     ╭───╮
			│ c │────▶│ d │
			╰───╯     ╰───╯
			╭───╮
			│ e │
			╰───╯
			"
		`);
	});

	test('with an edge that passes over a layer', () => {
		expect(drawnOf('plan fix<plan lint<plan test<fix ship<test,lint')).toMatchInlineSnapshot(`
			"
			╭──────╮     ╭─────╮      ╭──────╮     ╭──────╮
			│ plan │─┬──▶│ fix │─────▶│ test │─┬──▶│ ship │
			╰──────╯ │   ╰─────╯      ╰──────╯ │   ╰──────╯
			         │   ╭──────╮              │
			         ╰──▶│ lint │──────────────╯
			             ╰──────╯
			"
		`);
	});

	test('in which edges cross', () => {
		expect(drawnOf('a b c<b d<a,b e<a')).toMatchInlineSnapshot(`
			"
			╭───╮      ╭───╮
			│ a │──┬──▶│ e │
			╰───╯  │   ╰───╯
			╭───╮  │   ╭───╮
			│ b │─┬┴──▶│ d │
			╰───╯ │    ╰───╯
			      │    ╭───╮
			      ╰───▶│ c │
			           ╰───╯
			"
		`);
	});

	test('of one that fans out twenty times has each below the other, and all lead on', () => {
		const names = Array.from({length: 20}, (_, index) => `s${index}`);
		const layout = layoutGraph(nodesOf(`all ${names.map(name => `${name}<all`).join(' ')} end<${names.join(',')}`));
		expect(layout.boxes.filter(({layer}) => layer === 1).map(({id, y}) => [id, y])).toEqual(
			names.map((name, index) => [name, index * 3]),
		);
		expect(layout.heads).toHaveLength(40);
		expect(layout.rows).toBe(60);
	});

	test('of a hundred steps in a row is one row of boxes', () => {
		const chain = Array.from({length: 100}, (_, index) => (index === 0 ? 's0' : `s${index}<s${index - 1}`)).join(' ');
		const {boxes, rows} = layoutGraph(nodesOf(chain));
		expect([boxes.at(-1)!.layer, rows]).toEqual([99, 3]);
	});

	test('never puts two boxes over each other, whatever needs what', () => {
		for (let seed = 1; seed <= 50; seed++) {
			let state = seed;
			const random = (below: number) => {
				state = (state * 48_271) % 2_147_483_647;
				return state % below;
			};
			const nodes = Array.from({length: 12}, (_, index) => ({
				id: `s${index}`,
				needs: Array.from({length: random(3)}, () => `s${random(Math.max(1, index))}`).filter(id => id !== `s${index}`),
				width: 6 + random(12),
			}));
			const {boxes} = layoutGraph(nodes);
			expect(boxes).toHaveLength(12);
			for (const a of boxes) {
				for (const b of boxes) {
					if (a === b) continue;
					const isApart = a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + 3 <= b.y || b.y + 3 <= a.y;
					expect(isApart).toBe(true);
				}
			}
		}
	});

	test('of a circle, and of needs that are not there, still ends', () => {
		expect(layoutGraph(nodesOf('a<b b<a c<gone')).boxes).toHaveLength(3);
		expect(layoutGraph([])).toMatchObject({boxes: [], columns: 0, rows: 0});
	});

	test('larger than its window is cut at the window, in the middle of a box too', () => {
		const layout = layoutGraph(nodesOf('plan fix<plan test<fix'));
		const labelOf = (id: string) => ({text: id, style: 'text', isSelected: false}) as const;
		const rows = drawGraph(layout, labelOf, {x: 3, y: 1, columns: 12, rows: 2}, unicodeGlyphs);
		expect(rows.map(row => row.map(({text}) => text).join(''))).toMatchInlineSnapshot(`
			[
			  "lan │────▶│ ",
			  "────╯     ╰─",
			]
		`);
	});
});

describe('the cursor in a graph', () => {
	const onGraph = async (...keys: string[]) => pressAll(await stateOf(playBusy(noonMs)), 'v', ...keys).state;

	test('follows the edges, and goes up and down among what stands side by side', async () => {
		const visited = async (...keys: string[]) => selectedStepOf(await onGraph(...keys))?.id;
		expect(await visited()).toBe('fix');
		expect(await visited('h')).toBe('plan');
		expect(await visited('left', 'right')).toBe('fix');
		expect(await visited('j')).toBe('lint');
		expect(await visited('j', 'l')).toBe('test');
		expect(await visited('l', 'l', 'l')).toBe('ship');
		expect(await visited('j', 'k', 'h', 'h', 'h')).toBe('plan');
		expect([await visited('g'), await visited('G')]).toEqual(['plan', 'ship']);
	});

	test('enter and esc go in and back, as in the list', async () => {
		expect((await onGraph('enter')).pane).toBe('output');
		expect((await onGraph('enter', 'esc')).pane).toBe('steps');
		expect((await onGraph('v')).runView.shape).toBe('list');
	});

	test('a pane that has no room for a box shows the list, and says so', async () => {
		const {runs} = playBusy(noonMs);
		const run = runs.get('r-fix42')!;
		expect(noGraphReason(run, {columns: 60, rows: 4})).toBe('no room for the graph');
		expect(noGraphReason(run, {columns: 9, rows: 20})).toBe('no room for the graph');
		expect(noGraphReason(run, {columns: 60, rows: 5})).toBeUndefined();
	});
});
