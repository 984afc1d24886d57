import type {Expression, Template} from '../definition.ts';
import type {ContextName} from '../scope.ts';
import type {Report} from '../text/report.ts';
import {splitTemplate} from './template.ts';

/** One expression of the file, to be checked when every name is known. */
export interface ExpressionSite {
	readonly expression: Expression;
	readonly place: PlaceKind;
	/** @returns The place in the file of a character of the expression. */
	offsetOf(index: number): number;
}

/** What was read, with the expressions in it. */
export interface Sited<T> {
	readonly value: T;
	readonly sites: readonly ExpressionSite[];
}

export type PlaceKind = keyof typeof places;

const ofRun = ['inputs', 'env', 'run', 'trigger', 'steps'] as const;
const ofAttempt = [...ofRun, 'attempt', 'item', 'index', 'matrix'] as const;

/** Where expressions stand, what they may read there, and what to call it in a message. */
export const places = {
	'workflow-env': {noun: 'the `env:` of the workflow', contexts: ['inputs', 'secrets', 'run', 'trigger']},
	'workflow-outputs': {noun: 'the `outputs:` of the workflow', contexts: ofRun},
	concurrency: {noun: 'the group of `concurrency:`', contexts: ['inputs', 'run']},
	'trigger-if': {noun: 'the `if:` of a trigger', contexts: ['trigger']},
	'trigger-with': {noun: 'the `with:` of a trigger', contexts: ['trigger']},
	env: {noun: '`env:`', contexts: ['secrets', ...ofAttempt]},
	with: {noun: '`with:`', contexts: ofAttempt},
	arguments: {noun: '`with:`', contexts: ['secrets', ...ofAttempt]},
	'undo-arguments': {noun: 'the `with:` of `undo:`', contexts: ['secrets', ...ofAttempt]},
	http: {noun: '`http:`', contexts: ['secrets', ...ofAttempt]},
	database: {noun: '`database:`', contexts: ['secrets', ...ofAttempt]},
	stdin: {noun: '`stdin:`', contexts: ofAttempt},
	if: {noun: '`if:`', contexts: [...ofRun, 'attempt']},
	until: {noun: '`until:`', contexts: [...ofRun, 'attempt']},
	foreach: {noun: '`foreach:`', contexts: ofRun},
	matrix: {noun: '`matrix:`', contexts: ofRun},
	prompt: {noun: 'the prompt', contexts: ofAttempt},
	question: {noun: 'the question', contexts: [...ofRun, 'attempt']},
	setting: {noun: 'this setting', contexts: ofAttempt},
	webhook: {noun: 'the address, a header or the secret of a webhook', contexts: ['secrets', ...ofAttempt]},
} as const satisfies Readonly<Record<string, {readonly noun: string; readonly contexts: readonly ContextName[]}>>;

/** @returns The expressions of a template; one that is never closed goes to the report. */
export const sitesOf = (
	report: Report,
	template: Template,
	place: PlaceKind,
	offsetOf: (index: number) => number,
): readonly ExpressionSite[] => {
	const sites: ExpressionSite[] = [];
	for (const part of splitTemplate(template)) {
		if (part.kind === 'unclosed') {
			const suggestion = 'Close it, or write `$${{` where the braces are meant as text.';
			report.error('expression.unclosed', offsetOf(part.start), 'This `${{` has no closing `}}`.', suggestion);
		} else if (part.kind === 'expression') {
			const {text: expression, textStart} = part;
			sites.push({expression, place, offsetOf: index => offsetOf(textStart + index)});
		}
	}

	return sites;
};
