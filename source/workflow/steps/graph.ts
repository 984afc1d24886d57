import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened} from '../yaml/tree.ts';
import {reportCycles} from './cycles.ts';
import type {StepDraft} from './draft.ts';

export interface StepGraph {
	/** For each step the indices of the steps it needs, without repeats. */
	readonly needs: readonly (readonly number[])[];
	/** @returns The index of a step, whatever the case of the name: expressions do not distinguish it. */
	indexOf(id: string): number | undefined;
	/** Whether a step has certainly ended before another starts. True where mistakes make it impossible to tell. */
	isUpstream(step: number, of: number): boolean;
	/** Something about ids or needs is wrong; what follows from the order of steps is a guess. */
	readonly isDoubtful: boolean;
}

export const graphOf = (report: Report, drafts: readonly StepDraft[]): StepGraph => {
	const errorsBefore = report.errorCount();
	const indices = indicesById(report, drafts);
	const unsure = new Set<number>();
	const needs = drafts.map(draft => needsOf(report, draft, drafts, indices, unsure));
	const inCycles = reportCycles(report, drafts, needs);
	const isDoubtful = report.errorCount() > errorsBefore || drafts.some(draft => draft.isBroken);
	const upstream = upstreamSets(needs, new Set([...unsure, ...inCycles]));
	return {
		needs,
		indexOf: id => indices.get(id.toLowerCase()),
		isUpstream: (step, of) => ((upstream[of]![step >> 5]! >>> (step & 31)) & 1) === 1,
		isDoubtful,
	};
};

/** Ids that differ in case only would be one and the same in expressions, and as folders on some disks. */
const indicesById = (report: Report, drafts: readonly StepDraft[]): ReadonlyMap<string, number> => {
	const indices = new Map<string, number>();
	for (const {id, idStart, index} of drafts) {
		const first = indices.get(id.toLowerCase());
		if (first === undefined) {
			indices.set(id.toLowerCase(), index);
			continue;
		}

		const {line} = report.source.positionOf(drafts[first]!.headingStart);
		const message = `There are two steps \`${shortened(id)}\`; the first is on line ${line}.`;
		report.error('step.duplicate', idStart, message, 'Change one of the headings, or give the step an `id:`.');
	}

	return indices;
};

const needsOf = (
	report: Report,
	{index, needs, isBroken}: StepDraft,
	drafts: readonly StepDraft[],
	indices: ReadonlyMap<string, number>,
	unsure: Set<number>,
): readonly number[] => {
	if (isBroken) {
		unsure.add(index);
		return [];
	}

	if (!needs) return index > 0 ? [index - 1] : [];
	const found = new Set<number>();
	for (const {text, start} of needs) {
		const need = indices.get(text.toLowerCase());
		if (need !== undefined && drafts[need]!.id === text) {
			found.add(need);
			continue;
		}

		unsure.add(index);
		if (report.isFull()) continue;
		const ids = [...new Set(drafts.filter(draft => draft.index !== index).map(draft => draft.id))];
		const message = `There is no step \`${shortened(text)}\`.`;
		const parts = text.split(/[,\s]+/);
		const isList = parts.length > 1 && parts.every(part => indices.has(part.toLowerCase()));
		const suggestion = isList
			? `Write \`needs: [${parts.join(', ')}]\`.`
			: didYouMean(text, ids, 'See the headings of the file for the steps.');
		report.error('needs.unknown', start, message, suggestion);
	}

	return [...found];
};

/** One bit for each step upstream, so that a thousand steps in a row stay cheap. */
const upstreamSets = (needs: readonly (readonly number[])[], unsure: ReadonlySet<number>): readonly Uint32Array[] => {
	const words = Math.ceil(needs.length / 32);
	const sets: (Uint32Array | undefined)[] = needs.map(() => undefined);
	for (const index of unsure) sets[index] = new Uint32Array(words).fill(0xffff_ffff);
	const complete = (root: number): void => {
		const stack = [root];
		while (stack.length > 0) {
			const index = stack.at(-1)!;
			const missing = sets[index] ? undefined : needs[index]!.find(need => !sets[need]);
			if (missing !== undefined) {
				stack.push(missing);
				continue;
			}

			sets[index] ??= unionOf(needs[index]!, sets as Uint32Array[], words);
			stack.pop();
		}
	};

	for (const index of needs.keys()) complete(index);
	return sets as Uint32Array[];
};

const unionOf = (needs: readonly number[], sets: readonly Uint32Array[], words: number): Uint32Array => {
	const union = new Uint32Array(words);
	for (const need of needs) {
		for (const [word, bits] of sets[need]!.entries()) union[word]! |= bits;
		union[need >> 5]! |= 1 << (need & 31);
	}

	return union;
};
