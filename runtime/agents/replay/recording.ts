import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import path from 'node:path';
import {parse} from 'yaml';
import {z} from 'zod';
import {AiworkflowError} from '../../../source/errors.ts';

/** One recorded answer. What is left out matches anything. */
const answerSchema = z.strictObject({
	step: z.string(),
	item: z.number().int().min(0).optional(),
	generation: z.number().int().min(1).optional(),
	/** SHA-256 of the step's evaluated prompt, hexadecimal; where it differs the replay warns. */
	promptSha256: z
		.string()
		.regex(/^[0-9a-f]{64}$/)
		.optional(),
	text: z.string(),
	outputs: z.record(z.string(), z.unknown()).optional(),
	/** The model that gave the answer. */
	model: z.string().optional(),
	/** What the original answer used: for readers. A replay itself uses nothing. */
	usage: z.record(z.string(), z.unknown()).optional(),
	/** Unified diff of the files the agent changed, relative to the workspace. */
	patch: z.string().optional(),
});

const recordingSchema = z.strictObject({version: z.literal(1), answers: z.array(answerSchema)});

export type RecordedAnswer = z.infer<typeof answerSchema>;

export interface Recording {
	readonly file: string;
	readonly answers: readonly RecordedAnswer[];
}

const recordingBytesMax = 16 * 1024 * 1024;

/** Where the recording of a workflow is looked for, in this order. */
export const recordingFilesOf = (bundleFolder: string, workflow: string): string[] =>
	[`${path.basename(workflow)}.yaml`, 'recording.yaml'].map(name => path.join(bundleFolder, 'recordings', name));

/** @throws AiworkflowError `replay.missing`, `replay.invalid`. */
export const loadRecording = async (bundleFolder: string, workflow: string): Promise<Recording> => {
	const files = recordingFilesOf(bundleFolder, workflow);
	for (const file of files) {
		const text = await readIfThere(file);
		if (text !== undefined) return {file, answers: parseRecording(file, text)};
	}

	throw new AiworkflowError({
		code: 'replay.missing',
		message: `There is no recording of workflow "${workflow}": ${files[0]} does not exist.`,
		suggestion: 'Write it (docs/agents.md has the format), or name another agent with `--agent`.',
	});
};

const readIfThere = async (file: string): Promise<string | undefined> => {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw recordingInvalid(file, (error as Error).message);
	}
};

const parseRecording = (file: string, text: string): readonly RecordedAnswer[] => {
	if (Buffer.byteLength(text) > recordingBytesMax)
		throw recordingInvalid(file, `it is larger than ${recordingBytesMax} bytes.`);
	let content: unknown;
	try {
		content = parse(text, {logLevel: 'error'});
	} catch (error) {
		throw recordingInvalid(file, (error as Error).message);
	}

	const parsed = recordingSchema.safeParse(content);
	if (!parsed.success) throw recordingInvalid(file, z.prettifyError(parsed.error).replaceAll('\n', ' '));
	return parsed.data.answers;
};

const recordingInvalid = (file: string, detail: string) =>
	new AiworkflowError({
		code: 'replay.invalid',
		message: `The recording ${file} cannot be used: ${detail}`,
		suggestion: 'Mend it; docs/agents.md has the format.',
	});

/** @returns The answer that names the most of what is asked for; `undefined` where none fits. */
export const answerFor = (
	answers: readonly RecordedAnswer[],
	asked: {readonly stepId: string; readonly item?: number; readonly generation?: number},
): RecordedAnswer | undefined => {
	const fits = answers.filter(
		({step, item, generation}) =>
			step === asked.stepId &&
			(item === undefined || item === asked.item) &&
			(generation === undefined || generation === (asked.generation ?? 1)),
	);
	const precision = ({item, generation}: RecordedAnswer) =>
		Number(item !== undefined) + Number(generation !== undefined);
	return fits.toSorted((a, b) => precision(b) - precision(a))[0];
};

export const promptSha256 = (prompt: string): string => createHash('sha256').update(prompt).digest('hex');
