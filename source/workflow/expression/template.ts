import type {Expression, Template} from '../definition.ts';

/** A template cut at its expressions. */
export type TemplatePart =
	| {readonly kind: 'text'; readonly text: string}
	| {
			readonly kind: 'expression';
			/** Between the braces, as written. */
			readonly text: Expression;
			/** Where `${{` stands in the template. */
			readonly start: number;
			/** Where `text` starts in the template. */
			readonly textStart: number;
	  }
	/** `${{` without `}}`; the text is what follows. */
	| {readonly kind: 'unclosed'; readonly text: string; readonly start: number};

export const hasExpression = (template: Template): boolean => template.includes('${{');

/** `$${{` is a literal `${{`. */
export const splitTemplate = (template: Template): readonly TemplatePart[] => {
	const parts: TemplatePart[] = [];
	let literal = '';
	let at = 0;
	const flush = () => {
		if (literal !== '') parts.push({kind: 'text', text: literal});
		literal = '';
	};

	while (at < template.length) {
		const start = template.indexOf('${{', at);
		if (start === -1) break;
		literal += template.slice(at, start);
		if (start > at && template[start - 1] === '$') {
			literal = `${literal.slice(0, -1)}\${{`;
			at = start + 3;
			continue;
		}

		flush();
		const end = expressionEnd(template, start + 3);
		if (end === -1) {
			parts.push({kind: 'unclosed', text: template.slice(start + 3), start});
			return parts;
		}

		parts.push({kind: 'expression', text: template.slice(start + 3, end), start, textStart: start + 3});
		at = end + 2;
	}

	literal += template.slice(at);
	flush();
	return parts;
};

/** @returns Where the closing `}}` stands, those inside quoted text not counted; -1 where there is none. */
export const expressionEnd = (text: string, from: number): number => {
	let isQuoted = false;
	for (let at = from; at < text.length; at++) {
		const character = text[at];
		if (character === "'") isQuoted = !isQuoted;
		else if (!isQuoted && character === '}' && text[at + 1] === '}') return at;
	}

	return -1;
};
