import {data, Evaluator} from '@actions/expressions';
import {AiworkflowError} from '../errors.ts';
import type {Expression, Template} from './definition.ts';
import {fromData, toData} from './expression/data.ts';
import {
	expressionFunctions,
	type ParsedExpression,
	parseExpression,
	statusFunctions,
} from './expression/parse-expression.ts';
import {hasExpression, splitTemplate} from './expression/template.ts';
import {contextNames, type Scope} from './scope.ts';

export type {ConditionScope, RunScope, Scope, StepScope} from './scope.ts';

/**
 * Whether a step's `if` holds. A failed need makes it false unless the expression itself asks how things went.
 *
 * @param expression `undefined` means `success()`.
 * @throws AiworkflowError `expression.failed`.
 */
export const evaluateCondition = (expression: Expression | undefined, scope: Scope): boolean => {
	if (expression === undefined) return isSuccess(scope);
	if (!usesStatusFunction(expression) && !isSuccess(scope)) return false;
	return isTruthy(evaluate(expression, scope));
};

/**
 * Whether the `until` of a `repeat` holds. Unlike an `if` it does not ask how the needs went: the step runs already.
 *
 * @throws AiworkflowError `expression.failed`.
 */
export const evaluateUntil = (expression: Expression, scope: Scope): boolean => isTruthy(evaluate(expression, scope));

/**
 * The template with its expressions replaced by their values: text as it is, lists and objects as JSON, nothing as
 * empty text.
 *
 * @throws AiworkflowError `expression.failed`.
 */
export const evaluateTemplate = (template: Template, scope: Scope): string =>
	hasExpression(template)
		? splitTemplate(template)
				.map(part => (part.kind === 'text' ? part.text : textOf(evaluatePart(part, scope))))
				.join('')
		: template;

/** A piece of an evaluated template. */
export type EvaluatedPart =
	| {readonly kind: 'text'; readonly text: string}
	| {
			readonly kind: 'value';
			readonly text: string;
			/** A number, a truth value or nothing: no words. */
			readonly isWordless: boolean;
			/** The contexts that its expression reads. */
			readonly contexts: readonly string[];
	  };

/** Like `evaluateTemplate`, before the pieces are joined. @throws AiworkflowError `expression.failed`. */
export const evaluateParts = (template: Template, scope: Scope): readonly EvaluatedPart[] =>
	splitTemplate(template).map(part => {
		if (part.kind === 'text') return part;
		const value = evaluatePart(part, scope);
		const references = parseExpression(part.text).expression?.references ?? [];
		return {
			kind: 'value',
			text: textOf(value),
			isWordless: ['boolean', 'number'].includes(typeof fromData(value)) || fromData(value) === null,
			contexts: references.map(({context}) => context.name.toLowerCase()),
		};
	});

/**
 * Like `evaluateTemplate`, but a template that is exactly one expression keeps the type of its value.
 *
 * @throws AiworkflowError `expression.failed`.
 */
export const evaluateValue = (template: Template, scope: Scope): unknown => {
	if (!hasExpression(template)) return template;
	const parts = splitTemplate(template);
	const [only] = parts;
	return parts.length === 1 && only?.kind === 'expression'
		? fromData(evaluatePart(only, scope))
		: evaluateTemplate(template, scope);
};

/** Evaluates the texts within a value of the file. @throws AiworkflowError `expression.failed`. */
export const evaluatedWithin = (value: unknown, scope: Scope): unknown => {
	if (typeof value === 'string') return evaluateValue(value, scope);
	if (Array.isArray(value)) return value.map(each => evaluatedWithin(each, scope));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, evaluatedWithin(each, scope)]));
};

/** Whether an `if` calls `always()`, `failure()` or `cancelled()`, so that it is asked although a need failed. */
export const usesStatusFunction = (expression: Expression | undefined): boolean =>
	parseExpression(expression ?? 'success()').expression?.calls.some(({name}) =>
		['always', 'failure', 'cancelled'].includes(name.toLowerCase()),
	) ?? false;

const isSuccess = ({condition}: Scope): boolean => !condition.needsFailed && !condition.runCancelled;

const evaluatePart = (part: {readonly kind: string; readonly text: string}, scope: Scope): data.ExpressionData => {
	if (part.kind === 'expression') return evaluate(part.text, scope);
	throw expressionFailed(part.text, 'it has no closing `}}`');
};

const evaluate = (text: Expression, scope: Scope): data.ExpressionData => {
	const {expression, problem} = parseExpression(text);
	if (problem) throw expressionFailed(text, problem.message);
	checkNames(text, expression);
	try {
		return new Evaluator(expression.root, contextOf(scope), statusFunctionsOf(scope)).evaluate();
	} catch (error) {
		if (error instanceof AiworkflowError) throw error;
		throw expressionFailed(text, (error as Error).message, error);
	}
};

/** Validation found unknown names already; the engine behind would take `constructor()` for a function of its own. */
const checkNames = (text: Expression, {calls, references}: ParsedExpression): void => {
	const functions = [...statusFunctions, ...expressionFunctions].map(name => name.toLowerCase());
	const call = calls.find(({name}) => !functions.includes(name.toLowerCase()));
	if (call) throw expressionFailed(text, `there is no function \`${call.name}\``);
	const reference = references.find(({context}) => !contextNames.some(name => name === context.name.toLowerCase()));
	if (reference) throw expressionFailed(text, `there is no context \`${reference.context.name}\``);
};

const contexts = new WeakMap<Scope, data.Dictionary>();

const contextOf = (scope: Scope): data.Dictionary => {
	const known = contexts.get(scope);
	if (known) return known;
	const {inputs, env, secrets, run, trigger, steps, attempt, item = null, index = null, matrix = {}} = scope;
	const values = {inputs, env, secrets, run, trigger, steps, attempt, vars: {}, item, index, matrix};
	const context = toData(values) as data.Dictionary;
	contexts.set(scope, context);
	return context;
};

const statusFunctionsOf = ({condition}: Scope) => {
	const answers = {
		success: !condition.needsFailed && !condition.runCancelled,
		failure: condition.ancestorFailed,
		always: true,
		cancelled: condition.runCancelled,
	};
	return new Map(
		Object.entries(answers).map(([name, answer]) => [
			name,
			{name, description: '', minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(answer)},
		]),
	);
};

const isTruthy = (value: data.ExpressionData): boolean => {
	const plain = value instanceof data.Array || value instanceof data.Dictionary ? true : fromData(value);
	return Boolean(plain);
};

const textOf = (value: data.ExpressionData): string =>
	value instanceof data.Array || value instanceof data.Dictionary
		? JSON.stringify(fromData(value))
		: value.coerceString();

const expressionFailed = (text: Expression, detail: string, cause?: unknown) =>
	new AiworkflowError({
		code: 'expression.failed',
		message: `The expression \`${text.trim().slice(0, 200)}\` cannot be evaluated: ${detail.replace(/\.$/, '')}.`,
		suggestion: 'Mend the expression, then check the file with `aiworkflow workflow validate`.',
		cause,
	});
