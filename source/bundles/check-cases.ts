import type {TestCase} from '../rehearsal/case.ts';
import type {WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {resolveInputs} from '../workflow/inputs.ts';
import {didYouMean} from '../workflow/text/nearest.ts';

/** What a case says that its workflow does not know: steps and inputs. */
export const casesProblems = (definition: WorkflowDefinition, cases: readonly TestCase[]): Diagnostic[] =>
	cases.flatMap(testCase => [...stepProblems(definition, testCase), ...inputProblems(definition, testCase)]);

const stepProblems = ({steps}: WorkflowDefinition, testCase: TestCase): Diagnostic[] => {
	const known = steps.map(({id}) => id);
	const {approve, expect} = testCase;
	const named = [
		...Object.keys(expect.steps).map(name => ({name, at: ['expect', 'steps', name]})),
		...(typeof approve === 'string' ? [] : Object.keys(approve).map(name => ({name, at: ['approve', name]}))),
	];
	return named
		.map(({name, at}) => ({name, id: name.replace(/\[\d+\]$/, ''), at}))
		.filter(({id}) => !known.includes(id))
		.map(({name, id, at}) =>
			problemOf(testCase, at, `The workflow has no step \`${name}\`.`, didYouMean(id, known, 'Name one of its steps.')),
		);
};

const inputProblems = (definition: WorkflowDefinition, testCase: TestCase): Diagnostic[] =>
	resolveInputs(definition, testCase.inputs).diagnostics.map(({message, suggestion}) =>
		problemOf(testCase, ['inputs'], message, suggestion),
	);

const problemOf = (
	{file, placeOf}: TestCase,
	at: readonly string[],
	message: string,
	suggestion?: string,
): Diagnostic => {
	const place = placeOf(at);
	return {
		...{code: 'test.invalid', severity: 'error', message, suggestion, column: 1},
		file: place?.file ?? file ?? 'case',
		line: place?.line ?? 1,
	};
};
