import type {WorkflowDefinition} from './definition.ts';

/** @returns What the steps use, as written in the file, each once. */
export const usesOf = ({steps}: WorkflowDefinition): string[] => [
	...new Set(steps.flatMap(step => (step.kind === 'uses' ? [step.uses] : []))),
];
