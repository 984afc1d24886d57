import type {Template} from '../definition.ts';
import {parseExpression, type Reference} from './parse-expression.ts';
import {splitTemplate} from './template.ts';

/**
 * @param inherited Variables the templates can read that hold a secret.
 * @returns The variables whose value holds a secret, directly or by way of an inherited one.
 */
export const secretEnvNamesOf = (
	templates: Readonly<Record<string, Template>>,
	inherited: ReadonlySet<string>,
): ReadonlySet<string> => {
	// The expression engine looks variables up whatever their case.
	const secret = new Set([...inherited].map(name => name.toLowerCase()));
	const isSecret = ({context, path: [first]}: Reference): boolean => {
		if (context.name.toLowerCase() === 'secrets') return true;
		return (
			context.name.toLowerCase() === 'env' &&
			secret.size > 0 &&
			(first?.kind !== 'name' || secret.has(first.name.toLowerCase()))
		);
	};

	const names = Object.keys(templates).filter(name => referencesOf(templates[name]!).some(isSecret));
	return new Set(names);
};

const referencesOf = (template: Template): readonly Reference[] =>
	splitTemplate(template).flatMap(part =>
		part.kind === 'expression' ? (parseExpression(part.text).expression?.references ?? []) : [],
	);
