import {copyFile, mkdir, readFile, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {Document, isMap, isSeq, parseDocument} from 'yaml';
import type {RunRecording} from '../api/messages.ts';
import {AiworkflowError} from '../errors.ts';
import {type RecordedAnswer, recordingFilesOf} from '../recording.ts';

/** What became of the recording of a workflow. */
export interface WrittenRecording {
	readonly workflow: string;
	readonly file: string;
	/** Answers of this run. */
	readonly answers: number;
	/** Answers that were there before and are still. */
	readonly kept: number;
	/** The file as it was, where something of it was replaced. */
	readonly backup: string | null;
}

/**
 * Writes the answers of a run to `recordings/<workflow>.yaml` beside the workflow. What is there of steps and items that the
 * run did not answer stays, comments included.
 *
 * @returns `undefined` where there is nothing to write.
 * @throws AiworkflowError `recording.invalid`, `recording.unwritable`.
 */
export const writeRecording = async (recording: RunRecording): Promise<WrittenRecording | undefined> => {
	const {workflow, answers} = recording;
	if (answers.length === 0) return undefined;
	const [file] = recordingFilesOf(path.dirname(workflow.file), workflow.name);
	const old = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
		if (error.code === 'ENOENT') return undefined;
		throw unwritable(file, error);
	});
	const {text, kept, replaced} = mergedText(old, recording, file);
	const backup = old !== undefined && replaced > 0 ? `${file}.bak` : null;
	try {
		await mkdir(path.dirname(file), {recursive: true});
		if (backup) await copyFile(file, backup);
		const temporary = `${file}.${process.pid}.tmp`;
		await writeFile(temporary, text);
		await rename(temporary, file);
	} catch (error) {
		throw unwritable(file, error);
	}

	return {workflow: workflow.name, file, answers: answers.length, kept, backup};
};

/** The recording with the answers of the run in it, in the order of the steps. Pure. */
export const mergedText = (
	old: string | undefined,
	{answers, steps}: Pick<RunRecording, 'answers' | 'steps'>,
	file = 'recording',
): {readonly text: string; readonly kept: number; readonly replaced: number} => {
	const document =
		old === undefined ? new Document({version: 1, answers: []}) : parseDocument(old, {logLevel: 'error'});
	const list = document.errors.length > 0 ? undefined : document.get('answers');
	if (!isSeq(list)) throw invalid(file);
	const before = list.items;
	const kept = before.filter(node => !isReplacedBy(answerOf(node), answers));
	const entries = [
		...kept.map(node => ({node, answer: answerOf(node)})),
		...answers.map(answer => ({node: document.createNode(answer), answer})),
	];
	const rankOf = ({answer: {step = '', item = -1, generation = 0}}: (typeof entries)[number]) => {
		const place = steps.indexOf(step);
		return [place === -1 ? steps.length : place, item, generation] as const;
	};
	list.items = entries
		.toSorted((a, b) => {
			const [left, right] = [rankOf(a), rankOf(b)];
			return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
		})
		.map(({node}) => node);
	list.flow = false;
	return {
		text: document.toString({lineWidth: 0}),
		kept: kept.length,
		replaced: before.length - kept.length,
	};
};

const answerOf = (node: unknown): Partial<RecordedAnswer> => (isMap(node) ? node.toJSON() : {});

/** An old answer for any item would stand in for one that was not reached; it is as old as the rest of its step. */
const isReplacedBy = ({step, item}: Partial<RecordedAnswer>, answers: readonly RecordedAnswer[]): boolean =>
	answers.some(
		answer => answer.step === step && (item === undefined || answer.item === undefined || answer.item === item),
	);

const invalid = (file: string) =>
	new AiworkflowError({
		code: 'recording.invalid',
		message: `${file} is there and is no recording; it was left as it is.`,
		suggestion: 'Mend it or move it away, then record with `aiworkflow runs record <run>`.',
	});

const unwritable = (file: string, error: unknown) =>
	new AiworkflowError({
		code: 'recording.unwritable',
		message: `The recording ${file} cannot be written: ${error instanceof Error ? error.message : String(error)}`,
		suggestion: 'Mend the permissions, then record with `aiworkflow runs record <run>`.',
	});
