import {splitTemplate} from '../../workflow/expression/template.ts';
import type {Notes} from '../notes.ts';
import type {SourceFile} from '../source-file.ts';

export interface Context {
	readonly inputs: readonly string[];
	readonly env: readonly string[];
}

const known: Readonly<Record<string, string>> = {
	'github.repository': 'trigger.body.repository.full_name',
	'github.actor': 'trigger.body.sender.login',
	'github.event_name': 'trigger.event',
	'github.workflow': 'run.workflow',
	'github.run_id': 'run.id',
};

/** @returns The expression that reads the same here; `undefined` where there is none. */
export const meaningOf = (expression: string, {inputs, env}: Context): string | undefined => {
	const text = expression.trim();
	if (Object.hasOwn(known, text)) return known[text];
	const input = /^(?:github\.event\.)?inputs\.([\w-]+)$/.exec(text)?.[1];
	if (input !== undefined) return inputs.includes(input) ? `inputs.${input}` : undefined;
	const variable = /^env\.(\w+)$/.exec(text)?.[1];
	if (variable !== undefined) return env.includes(variable) ? text : undefined;
	const event = /^github\.event\.([a-z_]\w*(?:\.[a-z_]\w*)*)$/.exec(text)?.[1];
	return event === undefined ? undefined : `trigger.body.${event}`;
};

/** @param text With every `${{` escaped. */
export const githubExpressions = (text: string, context: Context, {body, lineOf}: SourceFile, notes: Notes): string => {
	const places = new Map<string, number>();
	for (const part of splitTemplate(body))
		if (part.kind === 'expression') places.set(part.text.trim(), places.get(part.text.trim()) ?? lineOf(part.start));
	const told = new Set<string>();
	return text.replaceAll(/\$\$\{\{([^}]*)\}\}/g, (whole, inner: string) => {
		const asked = inner.trim();
		const meaning = meaningOf(asked, context);
		const line = places.get(asked) ?? lineOf(0);
		if (!told.has(asked)) {
			if (meaning === undefined)
				notes.dropped(
					line,
					asked,
					'reads what only GitHub knows; it is text now',
					'Give it as an input, or look it up in a script.',
				);
			else notes.carried(line, asked, `\${{ ${meaning} }}`);
		}

		told.add(asked);
		return meaning === undefined ? whole : `\${{ ${meaning} }}`;
	});
};
