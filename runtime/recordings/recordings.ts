import {readFileSync, statSync} from 'node:fs';
import type {RunRecording} from '../../source/api/messages.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import {attemptFolderOf} from '../../source/paths.ts';
import type {RecordedAnswer} from '../../source/recording.ts';
import type {JournalEvent} from '../../source/run/events.ts';
import {type RunState, unitKeyOf, unitNameOf, unitOf} from '../../source/run/state.ts';
import {type HostRecord, type HostResult, hostFilesOf} from '../attempts/agent-protocol.ts';
import {type DirectResult, directFilesOf} from '../attempts/direct-protocol.ts';
import {type AnsweredAttempt, attemptsOf, isAlone, type RunAttempts, type Window} from './attempts.ts';
import {usageOf} from './usage.ts';

export interface RecordingParts {
	readonly stateFolder: string;
	readonly eventsOf: (runId: string) => readonly JournalEvent[];
	readonly secretsOf: (runId: string) => readonly string[];
}

/** Puts recordings together from the journal and from what agent hosts left in the folders of their attempts. */
export interface Recordings {
	/** Of a run that was started with `record`. Secrets are masked. */
	of(runId: string): RunRecording;
}

export const createRecordings = ({stateFolder, eventsOf, secretsOf}: RecordingParts): Recordings => ({
	of(runId) {
		const events = eventsOf(runId);
		const attempts = attemptsOf(runId, events);
		const {run, answered, cached, childRunIds} = attempts;
		const windows = windowsAround(attempts, id => attemptsOf(id, eventsOf(id)));
		const secrets = secretsOf(runId);
		const warnings = cached.map(
			id => `Step ${id} took its result from an earlier run, so there is no answer to record.`,
		);
		const answers: RecordedAnswer[] = [];
		for (const each of answered) {
			const answer = answerOf(run, each, {
				folder: attemptFolderOf(stateFolder, runId, unitKeyOf(each.stepId, each.item), each.attempt),
				usage: usageOf(events, each),
				isOneOfSeveral: answered.some(other => isSameUnit(other, each) && other.generation !== each.generation),
				isAlone: record =>
					isAlone({...record, runId, stepKey: unitKeyOf(each.stepId, each.item), attempt: each.attempt}, windows),
				secrets,
			});
			warnings.push(...answer.warnings);
			if (answer.answer) answers.push(answer.answer);
		}

		return {
			runId,
			workflow: run.workflow,
			steps: run.stepOrder,
			answers: masked(answers, secrets),
			warnings,
			childRunIds,
		};
	},
});

const isSameUnit = (a: AnsweredAttempt, b: AnsweredAttempt) => a.stepId === b.stepId && a.item === b.item;

interface AnswerFacts {
	readonly folder: string;
	readonly usage: RecordedAnswer['usage'];
	/** Whether other generations of the step were answered too. */
	readonly isOneOfSeveral: boolean;
	readonly isAlone: (record: HostRecord) => boolean;
	readonly secrets: readonly string[];
}

const answerOf = (
	run: RunState,
	each: AnsweredAttempt,
	{folder, usage, isOneOfSeveral, isAlone: isWorkAlone, secrets}: AnswerFacts,
): {readonly answer?: RecordedAnswer; readonly warnings: readonly string[]} => {
	if (each.kind === 'webhook') return {answer: sentAnswerOf(run, each, isOneOfSeveral), warnings: []};
	if (each.kind !== 'agent') return directAnswerOf(each, folder, isOneOfSeveral);
	const {stepId, item, generation, failedBefore, iteration} = each;
	const name = unitNameOf(stepId, item);
	const files = hostFilesOf(folder);
	const result = readJson<HostResult>(files.result);
	if (!result) return {warnings: [`The folder of step ${name} is gone, and its answer with it.`]};
	if (result.isReplay) return {warnings: [`Step ${name} was answered by a recording; that answer is left as it is.`]};
	const record = readJson<HostRecord>(files.recorded);
	const {patch, warnings} = changesOf(name, files.changes, record, isWorkAlone, secrets);
	const text = textOf(result, files.answerText);
	const hasOutputs = Object.keys(result.outputs).length > 0;
	return {
		answer: {
			step: stepId,
			...(item === undefined ? undefined : {item}),
			...(isOneOfSeveral ? {generation} : undefined),
			...(record ? {promptSha256: record.promptSha256} : undefined),
			text,
			...(hasOutputs ? {outputs: result.outputs} : undefined),
			...(result.model ? {model: result.model} : undefined),
			...(usage ? {usage} : undefined),
			...(patch ? {patch} : undefined),
		},
		warnings: [
			...warnings,
			...(failedBefore > 0
				? [`What earlier attempts of step ${name} changed before they failed is not recorded.`]
				: []),
			...(iteration > 1 ? [`Step ${name} repeats: only the answer of its last iteration is recorded.`] : []),
		],
	};
};

/** What became of an outgoing webhook is in the journal only; in a replay nothing was sent. */
const sentAnswerOf = (
	run: RunState,
	{stepId, item, generation}: AnsweredAttempt,
	isOneOfSeveral: boolean,
): RecordedAnswer | undefined => {
	const {outputs = {}, text} = unitOf(run, stepId, item);
	if (run.agents?.[0] === 'replay') return undefined;
	return {
		...{step: stepId, kind: 'webhook', text: text?.preview ?? '', outputs},
		...(item === undefined ? undefined : {item}),
		...(isOneOfSeveral ? {generation} : undefined),
	};
};

/** Of a call nothing but what came back: nothing of the workspace is watched. */
const directAnswerOf = (
	{kind, stepId, item, generation, iteration}: AnsweredAttempt,
	folder: string,
	isOneOfSeveral: boolean,
): {readonly answer?: RecordedAnswer; readonly warnings: readonly string[]} => {
	const name = unitNameOf(stepId, item);
	const files = directFilesOf(folder);
	const result = readJson<DirectResult>(files.result);
	if (!result || kind === 'agent') return {warnings: [`The folder of step ${name} is gone, and its answer with it.`]};
	if (result.isReplay) return {warnings: [`Step ${name} was answered by a recording; that answer is left as it is.`]};
	return {
		answer: {
			...{step: stepId, kind},
			...(item === undefined ? undefined : {item}),
			...(isOneOfSeveral ? {generation} : undefined),
			...(result.argumentsSha256 === undefined ? undefined : {promptSha256: result.argumentsSha256}),
			text: readText(files.text, limits.stepTextBytesMax),
			outputs: result.outputs,
		},
		warnings: iteration > 1 ? [`Step ${name} repeats: only the answer of its last iteration is recorded.`] : [],
	};
};

const changesOf = (
	name: string,
	file: string,
	record: HostRecord | undefined,
	isWorkAlone: (record: HostRecord) => boolean,
	secrets: readonly string[],
): {readonly patch?: string; readonly warnings: readonly string[]} => {
	if (!record) return {warnings: [`What step ${name} changed is not known: it was not watched to its end.`]};
	const warnings = record.warnings.map(warning => `Step ${name}: ${warning}`);
	if (record.changes !== 'patch') return {warnings};
	if (!isWorkAlone(record)) {
		const reason = 'others worked in the workspace at the same time, and who changed what cannot be told';
		return {warnings: [...warnings, `The file changes of step ${name} were not recorded: ${reason}.`]};
	}

	const patch = readText(file, limits.recordedPatchBytesMax);
	if (maskText(patch, secrets) === patch) return {patch, warnings};
	return {warnings: [...warnings, `The file changes of step ${name} were not recorded: they hold a secret.`]};
};

/** Of the run and of all that belong to the same one of a person: they work in the same workspace. */
const windowsAround = (own: RunAttempts, load: (runId: string) => RunAttempts): readonly Window[] => {
	let root = own;
	while (root.run.parent) root = load(root.run.parent.runId);
	const windows: Window[] = [];
	const visit = (attempts: RunAttempts) => {
		windows.push(...attempts.windows);
		for (const id of attempts.childRunIds) visit(load(id));
	};

	visit(root);
	return windows;
};

const textOf = ({text}: HostResult, file: string): string =>
	text.isWhole ? text.preview : readText(file, limits.stepTextBytesMax) || text.preview;

const masked = <Value>(value: Value, secrets: readonly string[]): Value => {
	if (secrets.length === 0) return value;
	if (typeof value === 'string') return maskText(value, secrets) as Value;
	if (Array.isArray(value)) return value.map(each => masked(each, secrets)) as Value;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, masked(each, secrets)])) as Value;
};

const readJson = <Value>(file: string): Value | undefined => {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Value;
	} catch {
		return undefined;
	}
};

/** @returns Empty for a file that is not there, or larger. */
const readText = (file: string, bytesMax: number): string => {
	const found = statSync(file, {throwIfNoEntry: false});
	return found && found.size <= bytesMax ? readFileSync(file, 'utf8') : '';
};
