import type {OutputsSchema} from '../../../source/workflow/definition.ts';
import type {Answer} from './answer.ts';
import {type FoundOutputs, findOutputs, repairPrompt} from './outputs.ts';

/** Keeps the answer of an attempt and sees that its outputs fit, with one repair turn. */
export interface OutputsDesk {
	/** Where what the agent says belongs now: its answer, or the repair of its outputs. */
	answer(): Answer;
	takeApart(outputs: Readonly<Record<string, unknown>>): void;
	/** A turn ended well. @returns The prompt of a repair turn; `undefined`: no more is needed, or allowed. */
	review(canRepair: boolean): string | undefined;
	/** @returns `undefined` where the step declares no outputs. */
	found(): FoundOutputs | undefined;
	/** The text of the step without the block that carried its outputs, where it is known to end with one. */
	textWithout(): string | undefined;
}

/** @param createRepair Makes the place for the answer of the repair turn. */
export const createOutputsDesk = (
	schema: OutputsSchema | undefined,
	first: Answer,
	createRepair: () => Answer,
): OutputsDesk => {
	let repair: Answer | undefined;
	let apart: Readonly<Record<string, unknown>> | undefined;
	const found = () => schema && findOutputs((repair ?? first).tail(), schema, apart);
	return {
		answer: () => repair ?? first,
		takeApart(outputs) {
			apart = outputs;
		},
		review(canRepair) {
			const problems = found()?.problems ?? [];
			if (!schema || problems.length === 0 || !canRepair || repair) return undefined;
			repair = createRepair();
			apart = undefined;
			return repairPrompt(problems, schema);
		},
		found,
		textWithout: () => (schema && !apart ? findOutputs(first.tail(), schema, undefined).textWithout : undefined),
	};
};
