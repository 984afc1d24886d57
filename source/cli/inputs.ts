import {usageInvalid} from '../errors.ts';

/**
 * Reads `name=value` words. Values stay text: the workflow says which type each input has, and the daemon reads it so.
 *
 * @throws AiworkflowError `usage.invalid`
 */
export const parseInputs = (words: readonly string[]): Record<string, string> => {
	const inputs: Record<string, string> = {};
	for (const word of words) {
		const at = word.indexOf('=');
		if (at < 1) throw usageInvalid(`The input "${word}" has no name and value.`, 'Write `--input name=value`.');
		const name = word.slice(0, at);
		if (Object.hasOwn(inputs, name)) throw usageInvalid(`The input ${name} is given twice.`, 'Give each input once.');
		inputs[name] = word.slice(at + 1);
	}

	return inputs;
};
