import {parseExpression} from '../expression/parse-expression.ts';
import {expressionEnd} from '../expression/template.ts';
import type {Fence} from '../markdown/fences.ts';
import type {Report} from '../text/report.ts';

/** Values never become code: `${{ }}` in a script is an error that shows the `env:` line to write instead. */
export const checkScript = (report: Report, fence: Fence): void => {
	if (fence.code.trim() === '') {
		report.error('script.empty', fence.start, 'This script is empty.', 'Write it, or remove the fence.');
	}

	const text = report.source.text.slice(fence.contentStart, fence.contentEnd);
	let at = text.indexOf('${{');
	while (at !== -1 && !report.isFull()) {
		const end = expressionEnd(text, at + 3);
		const expression = end === -1 ? '' : text.slice(at + 3, end).trim();
		const message = 'Expressions are not put into scripts: values never become code.';
		report.error('script.interpolated', fence.contentStart + at, message, suggestionFor(expression, fence.language));
		at = text.indexOf('${{', end === -1 ? at + 3 : end);
	}
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
