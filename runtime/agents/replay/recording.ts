import {readFile} from 'node:fs/promises';
import {parse} from 'yaml';
import {z} from 'zod';
import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {type RecordedAnswer, recordedKinds, recordingFilesOf} from '../../../source/recording.ts';

/** One recorded answer. What is left out matches anything. */
const answerSchema = z.strictObject({
	step: z.string(),
	/** Of what kind of step it is; missing: of an agent. */
	kind: z.enum(recordedKinds).optional(),
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

export interface Recording {
	readonly file: string;
	readonly answers: readonly RecordedAnswer[];
}

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
	if (Buffer.byteLength(text) > limits.recordingBytesMax)
		throw recordingInvalid(file, `it is larger than ${limits.recordingBytesMax} bytes.`);
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
