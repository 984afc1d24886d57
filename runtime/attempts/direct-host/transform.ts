import jsonata from 'jsonata';
import {AiworkflowError} from '../../../source/errors.ts';
import type {TransformWork} from '../../../source/workflow/direct-work.ts';
import {outputsOf, textOf} from './answer.ts';
import type {DirectHandler} from './handle.ts';

/** Evaluates a JSONata expression over its input. An endless one is ended by the timeout of its step, with its process. */
export const handleTransform: DirectHandler<TransformWork> = async ({expression, input}) => {
	const result = plain(await evaluated(expression, input));
	return {outputs: outputsOf(result), text: textOf(result)};
};

const evaluated = async (expression: string, input: unknown): Promise<unknown> => {
	try {
		return await jsonata(expression).evaluate(input);
	} catch (error) {
		throw transformFailed(expression, error);
	}
};

/** Its lists are marked, and functions may be left in it: only what JSON knows is handed over; nothing becomes null. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value) ?? 'null');

const transformFailed = (expression: string, error: unknown) => {
	const {message, position} = error as {readonly message?: string; readonly position?: number};
	const near = position === undefined ? '' : ` (near \`${excerptAt(expression, position)}\`)`;
	return new AiworkflowError({
		code: 'transform.failed',
		message: `The expression cannot be evaluated: ${(message ?? String(error)).replace(/\.$/, '')}${near}.`,
		suggestion: 'Mend the expression; `aiworkflow runs show` has the outputs that it reads.',
		cause: error,
	});
};

const excerptAt = (expression: string, position: number): string =>
	expression
		.slice(Math.max(0, position - 20), position + 20)
		.replaceAll(/\s+/g, ' ')
		.trim();
