import {createInterface} from 'node:readline/promises';
import type {TemplateVariable} from '../templates/definition.ts';
import {resolveVariables, typedTextOf, variableWordsOf} from '../templates/values.ts';
import type {Paint} from './colour.ts';
import type {PromptStreams} from './prompt.ts';

/**
 * Asks for variables one after the other; enter alone takes the default, and what does not fit is asked again.
 *
 * @param given What need not be asked.
 * @returns What was given and answered, as text; `undefined` where the person went away (ctrl-c, ctrl-d).
 */
export const askVariables = async (
	variables: readonly TemplateVariable[],
	given: Readonly<Record<string, string>>,
	paint: Paint,
	{input, output}: PromptStreams = {input: process.stdin, output: process.stdout},
): Promise<Record<string, string> | undefined> => {
	const lines = createInterface({input, output, terminal: output.isTTY === true});
	const closed = new AbortController();
	lines.on('close', () => closed.abort());
	const answers: Record<string, string> = {...given};
	try {
		for (const variable of variables) {
			if (Object.hasOwn(given, variable.name)) continue;
			output.write(`${paint.bold(variable.name)}  ${variable.description}  ${paint.dim(variableWordsOf(variable))}\n`);
			const preset = typedTextOf(variable.default);
			for (;;) {
				const text = await lines.question(`  ${preset === '' ? '' : `[${preset}] `}› `, {signal: closed.signal});
				const problem = resolveVariables([variable], text === '' ? {} : {[variable.name]: text}).problems[0];
				if (problem) {
					output.write(`  ${paint.red('✗')} ${problem.message}\n`);
					continue;
				}

				if (text !== '') answers[variable.name] = text;
				break;
			}
		}

		return answers;
	} catch (error) {
		if (closed.signal.aborted) return undefined;
		throw error;
	} finally {
		lines.close();
	}
};
