import type {Expression, Template} from '../workflow/definition.ts';
import {splitTemplate} from '../workflow/expression/template.ts';
import type {Lost} from './lost.ts';

/** Says `${{ }}` in words or in the placeholders of another format. */
export interface Reading {
	text(template: Template, stepId: string): string;
	expression(expression: Expression, stepId: string): string;
}

/** @param inputWords What an input is in that format. */
export const createReading = (inputWords: (name: string) => string, lost: Lost[]): Reading => {
	const told = new Set<string>();
	const words = (expression: string, stepId: string): string => {
		const text = expression.trim();
		const input = /^inputs\.([\w-]+)$/.exec(text)?.[1];
		if (input !== undefined) return inputWords(input);
		const output = /^steps\.([\w-]+)\.(?:outputs\.([\w-]+)|text)$/.exec(text);
		if (output)
			return output[2] === undefined ? `(the result of “${output[1]}”)` : `(\`${output[2]}\` of “${output[1]}”)`;
		if (text === 'item') return '(the item)';
		const key = `${stepId} ${text}`;
		if (!told.has(key)) lost.push({step: stepId, what: text, detail: 'is only named: nothing evaluates it'});
		told.add(key);
		return `(\`${text}\`)`;
	};

	return {
		text: (template, stepId) =>
			splitTemplate(template)
				.map(part => (part.kind === 'expression' ? words(part.text, stepId) : part.text))
				.join('')
				.trim(),
		expression: (expression, stepId) => {
			const text = expression.replace(/^\$\{\{([\s\S]*)\}\}$/, '$1').trim();
			lost.push({step: stepId, what: `if ${text}`, detail: 'is said in words: nothing evaluates it'});
			return text;
		},
	};
};
