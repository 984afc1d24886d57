import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {formatSize} from '../../source/units.ts';
import {checkOutputs} from '../../source/workflow/outputs.ts';
import type {AttemptContext} from '../engine/parts.ts';

/**
 * @returns What a step hands over, where it is what the step declares and holds no secret.
 * @throws AiworkflowError `output.invalid`, `output.secret`.
 */
export const checkedOutputs = (
	{stepId, step, secrets}: Pick<AttemptContext, 'stepId' | 'step' | 'secrets'>,
	outputs: Readonly<Record<string, unknown>>,
	suggestion: string,
): Readonly<Record<string, unknown>> => {
	const secretOutput = Object.entries(outputs).find(([, value]) => secrets.some(secret => holds(value, secret)));
	if (secretOutput) {
		throw new AiworkflowError({
			code: 'output.secret',
			message: `Output "${secretOutput[0]}" of "${stepId}" contains a secret; outputs are journalled.`,
			suggestion: 'Read the secret where it is needed, through `env:`.',
		});
	}

	if (!step.outputs) return outputs;
	const checked = checkOutputs(outputs, step.outputs);
	if (checked.problems.length > 0) throw outputsInvalid(stepId, checked.problems, suggestion);
	return checked.outputs;
};

/**
 * @param saidOf The beginning of the message, for a size in words.
 * @throws AiworkflowError `outputs.too-large`.
 */
export const checkOutputsSize = (sizeBytes: number, saidOf: (size: string) => string, suggestion: string): void => {
	if (sizeBytes <= limits.outputsBytesMax) return;
	throw new AiworkflowError({
		code: 'outputs.too-large',
		message: `${saidOf(formatSize(sizeBytes))}; the limit is ${formatSize(limits.outputsBytesMax)}.`,
		suggestion,
	});
};

export const outputsInvalid = (stepId: string, problems: readonly string[], suggestion: string) =>
	new AiworkflowError({
		code: 'output.invalid',
		message: `The outputs of "${stepId}" do not fit: ${problems.join('; ')}.`,
		suggestion,
	});

const holds = (value: unknown, secret: string) =>
	secret !== '' && (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).includes(secret);
