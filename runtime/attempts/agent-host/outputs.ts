import type {OutputsSchema} from '../../../source/workflow/definition.ts';
import {checkOutputs} from '../../../source/workflow/outputs.ts';

type Outputs = Readonly<Record<string, unknown>>;

/** @returns What is added below a prompt whose step declares outputs; empty for others. */
export const outputInstructions = (schema: OutputsSchema | undefined): string =>
	schema
		? [
				'---',
				'End your answer with exactly one fenced code block of language `json`. It holds one JSON object that fits this JSON Schema:',
				JSON.stringify(schema),
				'Write nothing after that block.',
			].join('\n\n')
		: '';

/** @returns The prompt of the one repair turn. */
export const repairPrompt = (problems: readonly string[], schema: OutputsSchema): string =>
	[
		'Your answer cannot be used, because its outputs do not fit:',
		problems.map(problem => `- ${problem}`).join('\n'),
		'Do not repeat the work. Answer again with only one fenced code block of language `json` that holds one JSON object that fits this JSON Schema:',
		JSON.stringify(schema),
	].join('\n\n');

export interface FoundOutputs {
	readonly outputs: Outputs;
	/** What does not fit; empty: all is well. */
	readonly problems: readonly string[];
	/** The answer without the block, where the block was its end. */
	readonly textWithout?: string;
}

/** @param apart Outputs that came beside the text, which then holds none. */
export const findOutputs = (text: string, schema: OutputsSchema, apart: Outputs | undefined): FoundOutputs => {
	if (apart) return checkOutputs(apart, schema);
	const block = lastJsonObject(text);
	if ('problem' in block) return {outputs: {}, problems: [block.problem]};
	return {...checkOutputs(block.outputs, schema), textWithout: block.textWithout};
};

/** Reads the last fenced JSON block, else a text that is nothing but a JSON object. */
export const lastJsonObject = (
	text: string,
): {readonly outputs: Outputs; readonly textWithout?: string} | {readonly problem: string} => {
	const blocks = [...text.matchAll(/^[ \t]*(`{3,}|~{3,})[ \t]*json[^\n]*\n([\s\S]*?)\n?^[ \t]*\1[ \t]*$/gim)];
	const last = blocks.at(-1);
	const source = last ? last[2]! : text.trim();
	if (!last && !source.startsWith('{')) return {problem: 'the answer has no fenced block of language `json`'};
	try {
		const value: unknown = JSON.parse(source);
		if (typeof value !== 'object' || value === null || Array.isArray(value))
			return {problem: 'the JSON block holds no object'};
		const isAtEnd = last !== undefined && text.slice(last.index + last[0].length).trim() === '';
		return {outputs: value as Outputs, textWithout: isAtEnd ? text.slice(0, last.index).trimEnd() : undefined};
	} catch (error) {
		return {problem: `the JSON block cannot be read: ${(error as Error).message}`};
	}
};
