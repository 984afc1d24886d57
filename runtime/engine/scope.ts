import {itemsOf, nextAttemptOf, type RunState, type StepState, type UnitState} from '../../source/run/state.ts';
import type {StepDefinition, Template, WorkflowDefinition} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {type Scope, type StepScope, triggerScopeOf} from '../../source/workflow/scope.ts';
import {blockingNeedOf, hasFailedAncestor} from './blocking.ts';

/** What expressions may read beyond the run's own state; the state and these facts determine every value. */
export interface ScopeFacts {
	readonly definition: WorkflowDefinition;
	/** Values of the secrets the file names, by name. */
	readonly secrets: Readonly<Record<string, string>>;
	/** The whole text of an ended step, where its event holds only the beginning. */
	readonly readText: (stepId: string, item?: number) => string;
}

/** @returns What the expressions of a step see; without a step, those of the workflow's `outputs`. */
export const scopeOf = (run: RunState, step: StepDefinition | undefined, facts: ScopeFacts, item?: number): Scope => {
	const {definition, secrets} = facts;
	const state = step && run.steps[step.id];
	const value = item === undefined ? undefined : state?.items?.values[item];
	const scope: Scope = {
		inputs: run.inputs,
		env: {},
		secrets: {},
		run: {
			id: run.id,
			number: run.number,
			workflow: run.workflow.name,
			workspace: run.workspace,
			feedback: state?.feedback ?? '',
		},
		trigger: run.trigger ? triggerScopeOf(run.trigger, run.createdAtMs) : {},
		steps: stepScopesOf(run, facts),
		attempt: state ? nextAttemptOf(run, state.id, item) : 1,
		...(item === undefined ? undefined : {index: item, [step?.matrix ? 'matrix' : 'item']: value}),
		condition: {
			needsFailed: state !== undefined && blockingNeedOf(run, state) !== undefined,
			ancestorFailed: state !== undefined && hasFailedAncestor(run, state),
			runCancelled: run.cancelRequested !== undefined,
		},
	};
	return {...scope, env: environmentOf({...scope, secrets}, definition, step)};
};

/**
 * The `env:` of the workflow, then of the step, whose templates may read the workflow's. A variable is evaluated when it
 * is read: `if:` may guard a value that cannot be evaluated otherwise.
 */
const environmentOf = (scope: Scope, definition: WorkflowDefinition, step: StepDefinition | undefined) => {
	const ofWorkflow = lazyTexts(definition.env, scope);
	const ofStep = lazyTexts(step?.env ?? {}, {...scope, env: ofWorkflow});
	return Object.defineProperties(
		{},
		{
			...Object.getOwnPropertyDescriptors(ofWorkflow),
			...Object.getOwnPropertyDescriptors(ofStep),
		},
	) as Readonly<Record<string, string>>;
};

const lazyTexts = (templates: Readonly<Record<string, Template>>, scope: Scope): Readonly<Record<string, string>> => {
	const texts = {};
	for (const [name, template] of Object.entries(templates)) {
		let text: string | undefined;
		const get = () => {
			text ??= evaluateTemplate(template, scope);
			return text;
		};
		Object.defineProperty(texts, name, {enumerable: true, configurable: true, get});
	}

	return texts;
};

const stepScopesOf = (run: RunState, {readText}: ScopeFacts): Readonly<Record<string, StepScope>> =>
	// Most steps read none of the others: each is made only when an expression asks for it.
	new Proxy(run.steps as unknown as Record<string, StepScope>, {
		get: (_, id) => (typeof id === 'string' && run.steps[id] ? stepScopeOf(run.steps[id], readText) : undefined),
	});

const stepScopeOf = (step: StepState, readText: ScopeFacts['readText']): StepScope => ({
	outputs: step.items ? [...itemsOf(step.items)].map(({outputs}) => outputs ?? null) : (step.outputs ?? {}),
	text: () => textOf(step, readText),
	status: step.status,
	error: step.failure && {code: step.failure.code, message: step.failure.message},
	costUsd: step.costMicroUsd === null ? null : step.costMicroUsd / 1_000_000,
});

const textOf = (step: StepState, readText: ScopeFacts['readText']): string => {
	const whole = ({text}: UnitState, item?: number) =>
		text ? (text.isWhole ? text.preview : readText(step.id, item)) : '';
	if (!step.items) return whole(step);
	return [...itemsOf(step.items)].map(item => whole(item, item.index).replace(/\n$/, '')).join('\n');
};
