import {parseExpression} from '../expression/parse-expression.ts';
import {expressionEnd} from '../expression/template.ts';
import type {Fence} from '../markdown/fences.ts';
import {outputVariableOf} from '../text/names.ts';
import type {Report} from '../text/report.ts';

/**
 * Values never become code: `${{ }}` in a script is an error that shows the `env:` line to write instead.
 *
 * @param ownId Of an `undo` fence, its step, whose outputs it has as variables.
 */
export const checkScript = (report: Report, fence: Fence, ownId?: string): void => {
	if (fence.code.trim() === '') {
		report.error('script.empty', fence.start, 'This script is empty.', 'Write it, or remove the fence.');
	}

	const text = report.source.text.slice(fence.contentStart, fence.contentEnd);
	let at = text.indexOf('${{');
	while (at !== -1 && !report.isFull()) {
		const end = expressionEnd(text, at + 3);
		const expression = end === -1 ? '' : text.slice(at + 3, end).trim();
		const message = 'Expressions are not put into scripts: values never become code.';
		const suggestion =
			ownOutputSuggestion(expression, fence.language, ownId) ?? suggestionFor(expression, fence.language);
		report.error('script.interpolated', fence.contentStart + at, message, suggestion);
		at = text.indexOf('${{', end === -1 ? at + 3 : end);
	}
};

/** `env:` is evaluated before the step has outputs; its `undo` fence has them all the same. */
const ownOutputSuggestion = (expression: string, language: string, ownId: string | undefined): string | undefined => {
	const path = parseExpression(expression).expression?.references[0]?.path ?? [];
	const [step, property, output] = path.map(part => (part.kind === 'name' ? part.name : ''));
	if (ownId === undefined || step !== ownId || property !== 'outputs' || !output) return undefined;
	return `Use \`${readingOf(outputVariableOf(output), language)}\`: an \`undo\` script has the outputs of its step.`;
};

const suggestionFor = (expression: string, language: string): string => {
	const name = variableNameOf(expression);
	const value = `\${{ ${expression || '…'} }}`;
	const quoted = /["\\]/.test(value) ? `'${value.replaceAll("'", "''")}'` : `"${value}"`;
	return `Write \`env: { ${name}: ${quoted} }\` in the \`yaml step\` fence and use \`${readingOf(name, language)}\` in the script.`;
};

/** `steps.plan.outputs.risk` → `RISK`, `steps.plan.text` → `PLAN_TEXT`. */
const variableNameOf = (expression: string): string => {
	const reference = parseExpression(expression).expression?.references[0];
	if (!reference) return 'VALUE';
	const names = [reference.context.name, ...reference.path.flatMap(part => (part.kind === 'name' ? [part.name] : []))];
	const [context, step, property] = names;
	const isStepProperty = context?.toLowerCase() === 'steps' && names.length === 3;
	const chosen = isStepProperty ? `${step}_${property}` : names.at(-1)!;
	const name = chosen.toUpperCase().replaceAll(/[^A-Z0-9_]/g, '_');
	return /^\d/.test(name) || name === 'OUTPUT' ? `VALUE_${name}` : name;
};

const readingOf = (name: string, language: string): string => {
	if (language === 'python') return `os.environ["${name}"]`;
	return language === 'js' || language === 'ts' ? `process.env.${name}` : `$${name}`;
};
