import type {StepDefinition, WorkflowDefinition} from '../workflow/definition.ts';

/** What the other format has no word for. */
export interface Lost {
	/** Missing: of the whole workflow. */
	readonly step?: string;
	readonly what: string;
	readonly detail: string;
}

const ofSteps: readonly (readonly [what: string, detail: string, has: (step: StepDefinition) => boolean])[] = [
	['retry', 'nothing is tried again by itself', step => step.retry !== undefined],
	[
		'timeout',
		'nothing ends what takes too long',
		step => (step.timeoutMs ?? step.stepTimeoutMs ?? step.idleTimeoutMs) !== undefined,
	],
	['repeat', 'is said in words; nobody counts', step => step.repeat !== undefined],
	['foreach', 'is said in words; nobody counts', step => step.foreach !== undefined || step.matrix !== undefined],
	['outputs', 'are not checked', step => step.outputs !== undefined && step.kind === 'agent'],
	['cache', 'every result is made anew', step => step.cache !== undefined],
	['undo', 'nothing is taken back when it fails', step => step.undo !== undefined || step.undoScript !== undefined],
	['savepoint', 'there is nothing to go back to', step => step.savepoint !== undefined],
	['budget', 'nothing counts what it spends', step => step.kind === 'agent' && (step.budgets?.length ?? 0) > 0],
	['agent', 'whoever reads the text does it', step => step.kind === 'agent' && step.agents.length > 0],
	['continue-on-error', 'what a failure means is left to whoever reads the text', step => step.continueOnError],
];

/** What is lost wherever steps become words. */
export const lostOfSteps = ({steps}: WorkflowDefinition): readonly Lost[] =>
	steps.flatMap(step =>
		ofSteps.filter(([, , has]) => has(step)).map(([what, detail]): Lost => ({step: step.id, what, detail})),
	);

const ofWorkflow: readonly (readonly [
	what: string,
	detail: string,
	has: (definition: WorkflowDefinition) => boolean,
])[] = [
	['on', 'nothing starts it by itself', ({triggers}) => (triggers?.length ?? 0) > 0],
	['budget', 'nothing counts what it spends', ({budgets}) => (budgets?.length ?? 0) > 0],
	['timeout', 'nothing ends what takes too long', ({timeoutMs}) => timeoutMs !== undefined],
	['concurrency', 'nothing keeps two of them apart', ({concurrency}) => concurrency !== undefined],
	['outputs', 'nobody is given them', ({outputs}) => Object.keys(outputs).length > 0],
	['env', 'has to be set by whoever runs it', ({env, passEnv}) => Object.keys(env).length > 0 || passEnv.length > 0],
	['agent', 'whoever reads the text does it', ({agents}) => agents.some(agent => agent !== 'auto')],
];

/** @param except What the format has a word for. */
export const lostOfWorkflow = (definition: WorkflowDefinition, except: readonly string[] = []): readonly Lost[] =>
	ofWorkflow
		.filter(([what, , has]) => !except.includes(what) && has(definition))
		.map(([what, detail]): Lost => ({what, detail}));
