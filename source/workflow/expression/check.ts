import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {checkReference, type NameTable} from './check-reference.ts';
import {expressionFunctions, type PlacedName, parseExpression, statusFunctions} from './parse-expression.ts';
import type {ExpressionSite} from './site.ts';

/** Checks the syntax of an expression and every name in it. */
export const checkSite = (report: Report, site: ExpressionSite, names: NameTable): void => {
	if (report.isFull()) return;
	const {expression, problem} = parseExpression(site.expression);
	if (problem) {
		report.error('expression.invalid', site.offsetOf(problem.start), problem.message, problem.suggestion);
		return;
	}

	for (const call of expression.calls) checkCall(report, site, call);
	for (const reference of expression.references) checkReference(report, site, reference, names);
};

const checkCall = (report: Report, site: ExpressionSite, {name, start}: PlacedName): void => {
	const isNamed = (known: string) => known.toLowerCase() === name.toLowerCase();
	if (expressionFunctions.some(isNamed)) return;
	if (statusFunctions.some(isNamed)) {
		if (site.place === 'if') return;
		const message = `\`${name}()\` can be asked in \`if:\` only.`;
		report.error('expression.function-misplaced', site.offsetOf(start), message, 'Read `steps.<id>.status` instead.');
		return;
	}

	const known = [...expressionFunctions, ...statusFunctions];
	const suggestion = isNamed('hashFiles')
		? 'Hash the files in a `run` script and give the result as an output.'
		: didYouMean(name, known, `Known functions: ${known.join(', ')}.`);
	report.error('expression.function-unknown', site.offsetOf(start), `There is no function \`${name}\`.`, suggestion);
};
