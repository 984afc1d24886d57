import {readFile, stat} from 'node:fs/promises';
import {limits} from '../limits.ts';
import {recordedKinds, recordingFilesOf} from '../recording.ts';
import {readYamlPart, type YamlPart} from '../rehearsal/yaml-part.ts';
import {formatSize} from '../units.ts';
import type {StepDefinition, WorkflowDefinition} from '../workflow/definition.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {checkOutputs} from '../workflow/outputs.ts';
import {didYouMean} from '../workflow/text/nearest.ts';

type Place = readonly PropertyKey[];
type Fail = (at: Place, message: string, suggestion: string, severity?: Diagnostic['severity']) => void;

/** Whether the recording beside a workflow answers its steps, and with what they declare. */
export const recordingProblems = async (folder: string, definition: WorkflowDefinition): Promise<Diagnostic[]> => {
	const asking = definition.steps.filter(step => isRecorded(step) && step.kind !== 'webhook');
	for (const file of recordingFilesOf(folder, definition.name)) {
		const found = await stat(file).catch(() => undefined);
		if (!found?.isFile()) continue;
		if (found.size > limits.recordingBytesMax) return [tooLarge(file)];
		return problemsIn(file, await readFile(file, 'utf8'), definition, asking);
	}

	return [];
};

const problemsIn = (
	file: string,
	text: string,
	definition: WorkflowDefinition,
	asking: readonly StepDefinition[],
): Diagnostic[] => {
	const part = readYamlPart(text, 0);
	const found: Diagnostic[] = [];
	const fail = failInto(found, file, text, part);
	if (part.error) {
		const {message, position} = part.error;
		return [{...base, file, ...position, message, source: lineOf(text, position.line), suggestion: 'Mend the YAML.'}];
	}

	const {version, answers} = (isObject(part.content) ? part.content : {}) as Record<string, unknown>;
	if (version !== 1) fail(['version'], 'A recording begins with `version: 1`.', 'Write `version: 1`.');
	if (!Array.isArray(answers)) {
		fail(['answers'], 'A recording has a list `answers`.', 'docs/agents.md has the format.');
		return found;
	}

	for (const [index, answer] of answers.entries()) checkAnswer(answer, ['answers', index], definition, fail);
	const unanswered = asking.filter(({id}) => !answers.some(answer => isObject(answer) && answer.step === id));
	for (const {id} of unanswered) {
		const message = `Nothing is recorded for the step \`${id}\`: a replay fails there.`;
		fail(['answers'], message, 'Record it with `aiworkflow run --record`, or write an answer.', 'warning');
	}

	return found;
};

const checkAnswer = (answer: unknown, at: Place, {steps}: WorkflowDefinition, fail: Fail): void => {
	if (!isObject(answer)) return fail(at, 'An answer is a mapping.', 'Write `- step: <id>` and what it answered.');
	const step = steps.find(({id}) => id === answer.step);
	if (!step) {
		const known = steps.map(({id}) => id);
		return fail(
			[...at, 'step'],
			`The workflow has no step \`${String(answer.step)}\`.`,
			didYouMean(String(answer.step), known, 'Name one of its steps.'),
		);
	}

	if (!isRecorded(step)) {
		const message = `Nothing is recorded for a step of the kind ${step.kind}, as \`${step.id}\` is.`;
		return fail([...at, 'step'], message, 'Remove the answer.', 'warning');
	}

	if ((answer.kind ?? 'agent') !== step.kind) {
		const written = step.kind === 'agent' ? 'Remove `kind`.' : `Write \`kind: ${step.kind}\`.`;
		fail([...at, 'kind'], `The step \`${step.id}\` is of the kind ${step.kind}; this answer is for another.`, written);
	}

	if (typeof answer.text !== 'string')
		fail([...at, 'text'], `The answer of \`${step.id}\` has no \`text\`.`, 'Write what it said.');
	if (!step.outputs) return;
	const outputs = isObject(answer.outputs) ? answer.outputs : {};
	for (const problem of checkOutputs(outputs, step.outputs).problems)
		fail(
			[...at, 'outputs'],
			`The answer of \`${step.id}\` does not fit its \`outputs:\`: ${problem}.`,
			'Mend the answer, or record it again.',
		);
};

/** Answered from the recording in a replay, as agents are; a webhook needs no answer. */
const isRecorded = ({kind}: StepDefinition) => kind === 'agent' || recordedKinds.some(each => each === kind);

const base = {code: 'recording.invalid', severity: 'error', column: 1} as const;

const failInto =
	(found: Diagnostic[], file: string, text: string, {positionOf}: YamlPart): Fail =>
	(at, message, suggestion, severity = 'error') => {
		const position = positionOf(at);
		found.push({...base, severity, file, ...position, message, suggestion, source: lineOf(text, position.line)});
	};

const lineOf = (text: string, line: number) => text.split('\n')[line - 1]?.slice(0, 200);

const tooLarge = (file: string): Diagnostic => ({
	...{...base, file, line: 1},
	message: `This recording is larger than ${formatSize(limits.recordingBytesMax)}.`,
	suggestion: 'Record fewer steps.',
});

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);
