import type {Scope} from '../../source/workflow/scope.ts';

/**
 * What a `transform:` sees without an `input:` of its own, as plain JSON: no variables and no secrets. Of steps only those
 * that have ended before it, and their texts only where the expression speaks of a text at all.
 */
export const transformInputOf = (expression: string, scope: Scope, upstream: ReadonlySet<string>): unknown => {
	const {inputs, run, trigger, attempt, item, index, matrix} = scope;
	const hasTexts = /\btext\b/.test(expression);
	const steps = Object.fromEntries(
		[...upstream].map(id => {
			const {outputs, text, status, error, costUsd} = scope.steps[id]!;
			const whole = hasTexts ? {text: typeof text === 'function' ? text() : text} : undefined;
			return [id, {outputs, ...whole, status, ...(error && {error}), costUsd}];
		}),
	);
	return {
		...{inputs, steps, run, trigger, attempt},
		...(item === undefined ? undefined : {item}),
		...(index === undefined ? undefined : {index}),
		...(matrix === undefined ? undefined : {matrix}),
	};
};
