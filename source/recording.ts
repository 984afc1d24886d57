import {createHash} from 'node:crypto';
import path from 'node:path';

/** Kinds besides agents whose answers are recorded: what they reach is not there in a replay. */
export const recordedKinds = ['tool', 'http', 'sql', 'webhook'] as const;
export type RecordedKind = (typeof recordedKinds)[number];

/** One answer of `recordings/<workflow>.yaml`. What is left out matches anything. */
export interface RecordedAnswer {
	readonly step: string;
	/** Of what kind of step it is; missing: of an agent. */
	readonly kind?: RecordedKind;
	readonly item?: number;
	readonly generation?: number;
	/** SHA-256 of the step's evaluated prompt, or of the arguments of another kind, hexadecimal; where it differs, the recording has drifted. */
	readonly promptSha256?: string;
	readonly text: string;
	readonly outputs?: Readonly<Record<string, unknown>>;
	/** The model that gave the answer. */
	readonly model?: string;
	/** What the original answer used: for readers. A replay itself uses nothing. */
	readonly usage?: Readonly<Record<string, unknown>>;
	/** Unified diff of the files the agent changed, relative to the workspace. */
	readonly patch?: string;
}

/** Where the recording of a workflow is looked for, in this order; the first is where it is written. */
export const recordingFilesOf = (bundleFolder: string, workflow: string): readonly [string, string] => {
	const fileOf = (name: string) => path.join(bundleFolder, 'recordings', `${name}.yaml`);
	return [fileOf(path.basename(workflow)), fileOf('recording')];
};

/** @returns The answer that names the most of what is asked for; `undefined` where none fits. */
export const answerFor = <Answer extends Pick<RecordedAnswer, 'step' | 'item' | 'generation'>>(
	answers: readonly Answer[],
	asked: {readonly stepId: string; readonly item?: number; readonly generation?: number},
): Answer | undefined => {
	const fits = answers.filter(
		({step, item, generation}) =>
			step === asked.stepId &&
			(item === undefined || item === asked.item) &&
			(generation === undefined || generation === (asked.generation ?? 1)),
	);
	const precision = ({item, generation}: Answer) => Number(item !== undefined) + Number(generation !== undefined);
	return fits.toSorted((a, b) => precision(b) - precision(a))[0];
};

export const promptSha256 = (prompt: string): string => createHash('sha256').update(prompt).digest('hex');
