import type {Report} from '../text/report.ts';
import type {StepDraft} from './draft.ts';

/** Reports each cycle once. @returns The steps that are in one. */
export const reportCycles = (
	report: Report,
	drafts: readonly StepDraft[],
	needs: readonly (readonly number[])[],
): ReadonlySet<number> => {
	const inCycles = new Set<number>();
	for (const cycle of cyclesOf(needs)) {
		const isKnown = cycle.some(index => inCycles.has(index));
		for (const index of cycle) inCycles.add(index);
		if (!isKnown) reportCycle(report, drafts, cycle);
	}

	return inCycles;
};

/** @param cycle Each step needs the next one, the last needs the first. */
const reportCycle = (report: Report, drafts: readonly StepDraft[], cycle: readonly number[]): void => {
	// A step that does not say what it needs only needs the step above, so some step of every cycle says it.
	const start = cycle.findIndex((step, place) => entryFor(drafts, step, cycle[(place + 1) % cycle.length]!));
	const rotated = [...cycle.slice(start), ...cycle.slice(0, start)];
	const entry = entryFor(drafts, rotated[0]!, rotated[1 % rotated.length]!);
	const ids = [...rotated, rotated[0]!].map(index => drafts[index]!.id);
	const shown = ids.length <= 12 ? ids : [...ids.slice(0, 6), '…', ...ids.slice(-5)];
	const message =
		cycle.length === 1 ? `\`${ids[0]}\` needs itself.` : `These steps wait for each other: ${shown.join(' → ')}.`;
	const offset = entry?.start ?? drafts[rotated[0]!]!.headingStart;
	report.error(
		'needs.cycle',
		offset,
		message,
		`Remove \`${ids[1]}\` from the \`needs\` of \`${ids[0]}\`, or another link.`,
	);
};

const entryFor = (drafts: readonly StepDraft[], step: number, need: number) =>
	drafts[step]!.needs?.find(({text}) => text === drafts[need]!.id);

/** Depth first; every step on the way back to one that is still open closes a cycle. */
const cyclesOf = (needs: readonly (readonly number[])[]): readonly (readonly number[])[] => {
	const cycles: number[][] = [];
	const state = new Uint8Array(needs.length);
	for (const root of needs.keys()) {
		const path: {readonly index: number; next: number}[] = [];
		if (state[root] === 0) open(root, path, state);
		while (path.length > 0) {
			const top = path.at(-1)!;
			const need = needs[top.index]![top.next++];
			if (need === undefined) {
				state[top.index] = 2;
				path.pop();
			} else if (state[need] === 0) {
				open(need, path, state);
			} else if (state[need] === 1) {
				cycles.push(path.slice(path.findIndex(({index}) => index === need)).map(({index}) => index));
			}
		}
	}

	return cycles;
};

const open = (index: number, path: {readonly index: number; next: number}[], state: Uint8Array): void => {
	state[index] = 1;
	path.push({index, next: 0});
};
