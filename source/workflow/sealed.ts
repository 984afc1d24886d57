import type {Template} from './definition.ts';
import {splitTemplate} from './expression/template.ts';

/**
 * A text in which secrets are named and not written: what the journal may hold. The values are put in where it is used,
 * and nowhere else.
 */
export type SealedText = readonly SealedPart[];
export type SealedPart = string | {readonly secret: string};

/** @returns The name in `secrets.NAME`; `undefined` for any other expression. */
export const secretNameIn = (expression: string): string | undefined =>
	/^\s*secrets\.([A-Za-z_]\w*)\s*$/i.exec(expression)?.[1];

/** Evaluates a template, its secrets left out. @param evaluate Gives the text of any other expression. */
export const sealedOf = (template: Template, evaluate: (template: Template) => string): SealedText => {
	const sealed: SealedPart[] = [];
	for (const part of splitTemplate(template)) {
		const secret = part.kind === 'expression' ? secretNameIn(part.text) : undefined;
		if (secret !== undefined) sealed.push({secret});
		else if (part.kind === 'text') sealed.push(part.text);
		else sealed.push(evaluate(`\${{${part.text}}}`));
	}

	return sealed;
};

/** The whole text; a secret that is not there stays `undefined` in `missing`. */
export const openedOf = (
	sealed: SealedText,
	secrets: Readonly<Record<string, string>>,
): {readonly text: string; readonly missing: readonly string[]} => ({
	text: sealed.map(part => (typeof part === 'string' ? part : (secrets[part.secret] ?? ''))).join(''),
	missing: secretNamesOf(sealed).filter(name => secrets[name] === undefined),
});

/** What people may see of it. */
export const shownOf = (sealed: SealedText): string =>
	sealed.map(part => (typeof part === 'string' ? part : `\${{ secrets.${part.secret} }}`)).join('');

export const secretNamesOf = (sealed: SealedText): readonly string[] =>
	sealed.flatMap(part => (typeof part === 'string' ? [] : [part.secret]));
