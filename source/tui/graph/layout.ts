/** A box to be placed. */
export interface GraphNode {
	readonly id: string;
	/** Ids of the boxes before it; unknown ones are left out. */
	readonly needs: readonly string[];
	/** Columns, borders included. */
	readonly width: number;
}

export interface PlacedBox {
	readonly id: string;
	/** From the left, 0 for what needs nothing. */
	readonly layer: number;
	readonly x: number;
	readonly y: number;
	readonly width: number;
}

/** A run of cells in one direction; both ends belong to it. */
export interface Segment {
	readonly x1: number;
	readonly y1: number;
	readonly x2: number;
	readonly y2: number;
	/** It goes on in the cell before or after it, as where it meets a box. */
	readonly goesOn?: 'before' | 'after' | 'both';
}

export interface GraphLayout {
	readonly boxes: readonly PlacedBox[];
	readonly segments: readonly Segment[];
	/** Where an edge ends, right before its box. */
	readonly heads: readonly {readonly x: number; readonly y: number}[];
	readonly columns: number;
	readonly rows: number;
}

export const boxRows = 3;

/** A box, or the place where an edge passes through a layer. */
interface Slot {
	readonly key: string;
	readonly id?: string;
	readonly width: number;
	y: number;
}

interface Hop {
	readonly from: Slot;
	readonly to: Slot;
}

/**
 * Layers from left to right: each box stands right of everything that it needs, its edges run through the gaps between.
 * Pure, and the same for the same steps, so that a graph stands still while its run goes on.
 */
export const layoutGraph = (nodes: readonly GraphNode[]): GraphLayout => {
	const layerOf = layersOf(nodes);
	const layers: Slot[][] = [];
	for (const node of nodes) {
		const layer = layerOf.get(node.id)!;
		while (layers.length <= layer) layers.push([]);
		layers[layer]!.push({key: node.id, id: node.id, width: node.width, y: 0});
	}

	const hops = hopsOf(nodes, layerOf, layers);
	order(layers, hops);
	for (const layer of layers) stack(layer);
	return drawn(layers, hops, layerOf);
};

/** The longest way from a box that needs nothing; a circle, which no workflow has, ends at its first box. */
const layersOf = (nodes: readonly GraphNode[]): Map<string, number> => {
	const byId = new Map(nodes.map(node => [node.id, node]));
	const layers = new Map<string, number>();
	const open = new Set<string>();
	const layerOf = (node: GraphNode): number => {
		const known = layers.get(node.id);
		if (known !== undefined) return known;
		if (open.has(node.id)) return 0;
		open.add(node.id);
		const before = node.needs.flatMap(id => byId.get(id) ?? []).map(layerOf);
		const layer = before.length === 0 ? 0 : Math.max(...before) + 1;
		layers.set(node.id, layer);
		return layer;
	};
	for (const node of nodes) layerOf(node);
	return layers;
};

/** Edges, cut into pieces from one layer to the next; longer ones get a place in each layer between. */
const hopsOf = (nodes: readonly GraphNode[], layerOf: ReadonlyMap<string, number>, layers: Slot[][]): Hop[][] => {
	const slots = new Map(layers.flat().map(slot => [slot.key, slot]));
	const hops: Hop[][] = layers.map(() => []);
	for (const node of nodes) {
		for (const need of essentialNeedsOf(node, nodes)) {
			const first = layerOf.get(need);
			if (first === undefined) continue;
			let from = slots.get(need)!;
			for (let layer = first + 1; layer < layerOf.get(node.id)!; layer++) {
				// Edges of one box that go far go together as long as they can.
				const key = `${need} in ${layer}`;
				let passage = slots.get(key);
				if (!passage) {
					passage = {key, width: 0, y: 0};
					slots.set(key, passage);
					layers[layer]!.push(passage);
					hops[layer - 1]!.push({from, to: passage});
				}

				from = passage;
			}

			hops[layerOf.get(node.id)! - 1]?.push({from, to: slots.get(node.id)!});
		}
	}

	return hops;
};

const essentialNeedsOf = ({needs}: GraphNode, nodes: readonly GraphNode[]): string[] => {
	const known = new Set(nodes.map(({id}) => id));
	return [...new Set(needs)].filter(id => known.has(id));
};

const sweeps = 4;

/** Boxes near those they are connected with, so that fewer edges cross: the mean place of the neighbours, a few times. */
const order = (layers: Slot[][], hops: readonly Hop[][]): void => {
	const before = new Map<Slot, Slot[]>();
	const after = new Map<Slot, Slot[]>();
	for (const {from, to} of hops.flat()) {
		before.set(to, [...(before.get(to) ?? []), from]);
		after.set(from, [...(after.get(from) ?? []), to]);
	}

	const sortBy = (layer: Slot[], others: readonly Slot[], neighbours: ReadonlyMap<Slot, readonly Slot[]>): void => {
		const places = new Map(others.map((slot, index) => [slot, index]));
		const wishes = new Map(
			layer.map((slot, index) => {
				const near = neighbours.get(slot) ?? [];
				const wish = near.length === 0 ? index : near.reduce((sum, each) => sum + places.get(each)!, 0) / near.length;
				return [slot, wish];
			}),
		);
		layer.sort((a, b) => wishes.get(a)! - wishes.get(b)!);
	};

	for (let sweep = 0; sweep < sweeps; sweep++) {
		for (let index = 1; index < layers.length; index++) sortBy(layers[index]!, layers[index - 1]!, before);
		if (sweep === sweeps - 1) break;
		for (let index = layers.length - 2; index >= 0; index--) sortBy(layers[index]!, layers[index + 1]!, after);
	}
};

/** A place to pass through is one row high and has the middle of it where a box has its own. */
const stack = (layer: readonly Slot[]): void => {
	let y = 0;
	for (const slot of layer) {
		slot.y = slot.id === undefined ? y + 1 : y;
		y += slot.id === undefined ? 2 : boxRows;
	}
};

const portOf = (slot: Slot): number => (slot.id === undefined ? slot.y : slot.y + 1);

const drawn = (
	layers: readonly Slot[][],
	hops: readonly Hop[][],
	layerOf: ReadonlyMap<string, number>,
): GraphLayout => {
	const boxes: PlacedBox[] = [];
	const segments: Segment[] = [];
	const heads: {x: number; y: number}[] = [];
	let x = 0;
	for (const [index, layer] of layers.entries()) {
		const width = Math.max(1, ...layer.map(slot => slot.width));
		const gap = hops[index] ?? [];
		const {tracks, count} = tracksOf(gap);
		const gapColumns = count + 4;
		const start = x + width;
		for (const slot of layer) {
			if (slot.id !== undefined) {
				boxes.push({id: slot.id, layer: layerOf.get(slot.id)!, x, y: slot.y, width: slot.width});
			} else {
				segments.push({x1: x, y1: slot.y, x2: start - 1, y2: slot.y, goesOn: 'both'});
			}
		}

		for (const {from, to} of gap) {
			const trackX = start + 1 + tracks.get(from)!;
			const fromX = x + (from.id === undefined ? width : from.width);
			const endX = start + gapColumns - 1;
			segments.push({x1: fromX, y1: portOf(from), x2: trackX, y2: portOf(from), goesOn: 'before'});
			if (portOf(from) !== portOf(to)) segments.push({x1: trackX, y1: portOf(from), x2: trackX, y2: portOf(to)});
			segments.push({x1: trackX, y1: portOf(to), x2: endX, y2: portOf(to), goesOn: 'after'});
			if (to.id !== undefined) heads.push({x: endX, y: portOf(to)});
		}

		x = start + gapColumns;
	}

	return {
		boxes,
		segments,
		heads,
		columns: Math.max(0, ...boxes.map(box => box.x + box.width)),
		rows: Math.max(0, ...boxes.map(box => box.y + boxRows), ...segments.map(({y1, y2}) => Math.max(y1, y2) + 1)),
	};
};

/**
 * Columns of a gap in which edges go up and down: one for each box they come from. Where an edge arrives in the row in
 * which another box stands, the edges of that box turn first, so that nobody takes the two for one line.
 */
const tracksOf = (gap: readonly Hop[]): {tracks: Map<Slot, number>; count: number} => {
	const sources = [...new Set(gap.map(({from}) => from))].sort((a, b) => portOf(a) - portOf(b));
	const turning = sources.filter(source => gap.some(({from, to}) => from === source && portOf(to) !== portOf(source)));
	const targetsOf = (source: Slot) => gap.filter(({from}) => from === source).map(({to}) => to);
	const mustTurnBefore = (a: Slot, b: Slot): boolean => {
		const reached = targetsOf(b);
		if (!reached.some(to => portOf(to) === portOf(a))) return false;
		const own = targetsOf(a);
		return !own.some(to => portOf(to) === portOf(a)) || own.some(to => !reached.includes(to));
	};
	const tracks = new Map<Slot, number>();
	const left = [...turning];
	while (left.length > 0) {
		const free = left.findIndex(each => !left.some(other => other !== each && mustTurnBefore(other, each)));
		const [next] = left.splice(Math.max(0, free), 1);
		tracks.set(next!, tracks.size);
	}

	const count = Math.max(1, tracks.size);
	for (const source of sources) if (!tracks.has(source)) tracks.set(source, 0);
	return {tracks, count};
};
