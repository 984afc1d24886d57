import {splitTemplate} from '../../workflow/expression/template.ts';
import type {DraftStep} from '../draft.ts';
import {isRecord, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {quotedVariable, quotesIn} from '../shell-inputs.ts';
import type {SourceFile} from '../source-file.ts';
import {type Context, meaningOf} from './expressions.ts';

const languages: Readonly<Record<string, string>> = {bash: 'bash', sh: 'sh'};

/** `steps:` of GitHub Actions with `run:` are scripts; actions (`uses:`) are programs of GitHub's runner. */
export const scriptSteps = (
	{front}: SourceFile,
	key: 'steps' | 'post-steps',
	context: Context,
	notes: Notes,
): readonly DraftStep[] => {
	const value = front?.value(key);
	if (!Array.isArray(value)) return [];
	const line = front!.lineOf(key);
	return value.flatMap((step: unknown, index): DraftStep[] => {
		if (!isRecord(step)) return [];
		const title = textOf(step.name) ?? textOf(step.id) ?? `${key} ${index + 1}`;
		const code = textOf(step.run);
		if (code === undefined) {
			notes.dropped(line, `${key}: ${title}`, "is an action of GitHub's runner", 'Write a script that does the same.');
			return [];
		}

		const language = languages[textOf(step.shell) ?? 'bash'];
		const own = withVariables(code, context);
		const env = isRecord(step.env) ? withValues(step.env, context) : {};
		if (!language || !own || !env) {
			const reason = language ? 'reads what only GitHub knows' : `is for the shell \`${textOf(step.shell)}\``;
			notes.dropped(line, `${key}: ${title}`, reason, 'Write it as a `bash run` fence.');
			return [];
		}

		notes.carried(line, `${key}: ${title}`, 'a script');
		const all = {...env, ...own.env};
		return [{title, settings: Object.keys(all).length > 0 ? {env: all} : {}, script: {language, code: own.code}}];
	});
};

/** Values never become code: an expression inside of a script becomes a variable. */
const withVariables = (
	code: string,
	context: Context,
): {readonly code: string; readonly env: Readonly<Record<string, string>>} | undefined => {
	const env: Record<string, string> = {};
	let result = '';
	for (const part of splitTemplate(code)) {
		if (part.kind === 'unclosed') return undefined;
		if (part.kind === 'text') {
			result += part.text;
			continue;
		}

		const meaning = meaningOf(part.text, context);
		if (meaning === undefined) return undefined;
		const name = `VALUE_${meaning.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;
		env[name] = `\${{ ${meaning} }}`;
		result += quotedVariable(name, quotesIn(`${result} `).at(-1));
	}

	return {code: result, env};
};

const withValues = (
	given: Readonly<Record<string, unknown>>,
	context: Context,
): Readonly<Record<string, string>> | undefined => {
	const env: Record<string, string> = {};
	for (const [name, value] of Object.entries(given)) {
		const text = textOf(value) ?? '';
		const inner = /^\$\{\{([^}]*)\}\}$/.exec(text)?.[1]?.trim();
		const meaning = inner === undefined ? undefined : /^secrets\.\w+$/.test(inner) ? inner : meaningOf(inner, context);
		if (text.includes('${{') && meaning === undefined) return undefined;
		env[name] = meaning === undefined ? text : `\${{ ${meaning} }}`;
	}

	return env;
};
