import {existsSync} from 'node:fs';
import {readFile, rename, writeFile} from 'node:fs/promises';
import path from 'node:path';
import {isMap, isScalar, isSeq, LineCounter, parseDocument} from 'yaml';
import {recordingFilesOf} from '../recording.ts';
import type {PromptDrift} from '../run/events.ts';
import type {Place} from './case.ts';

/** A step that was answered from a recording made for another prompt. */
export interface Drift extends PromptDrift {
	readonly workflow: {readonly name: string; readonly file: string};
	readonly stepId: string;
	readonly item?: number;
}

/** @returns The file that a workflow's answers came from; `undefined` where it has none. */
export const recordingOf = ({name, file}: Drift['workflow']): string | undefined =>
	recordingFilesOf(path.dirname(file), name).find(each => existsSync(each));

/** @returns Where the recording names the prompt it was made for. */
export const placeOfDrift = async (drift: Drift): Promise<Place | undefined> => {
	const file = recordingOf(drift.workflow);
	if (file === undefined) return undefined;
	const [found] = digestsIn(await readFile(file, 'utf8'), drift);
	return {file, line: found?.line ?? 1};
};

export interface UpdatedRecordings {
	readonly updated: readonly Drift[];
	/** One answer for several prompts: no single digest would fit. */
	readonly ambiguous: readonly Drift[];
}

/** Takes the new prompts over into the recordings and changes nothing else in them. */
export const updateRecordings = async (drifts: readonly Drift[]): Promise<UpdatedRecordings> => {
	const byFile = Map.groupBy(drifts, ({workflow}) => recordingOf(workflow));
	const results = await Promise.all(
		[...byFile].map(async ([file, ofFile]): Promise<UpdatedRecordings> => {
			if (file === undefined) return {updated: [], ambiguous: ofFile};
			const text = await readFile(file, 'utf8');
			const {text: next, ...result} = updatedText(text, ofFile);
			if (next !== text) await replaceFile(file, next);
			return result;
		}),
	);
	return {
		updated: results.flatMap(({updated}) => updated),
		ambiguous: results.flatMap(({ambiguous}) => ambiguous),
	};
};

/** The text of a recording with the new digests in place of the old ones. Pure. */
export const updatedText = (text: string, drifts: readonly Drift[]): UpdatedRecordings & {readonly text: string} => {
	const updated: Drift[] = [];
	const ambiguous: Drift[] = [];
	const changes: {readonly start: number; readonly end: number; readonly digest: string}[] = [];
	for (const same of Map.groupBy(drifts, ({stepId, recordedSha256}) => `${stepId} ${recordedSha256}`).values()) {
		const [first] = same;
		const places = digestsIn(text, first!);
		if (new Set(same.map(({promptSha256}) => promptSha256)).size > 1 || places.length !== 1) {
			ambiguous.push(...same);
		} else {
			updated.push(...same);
			changes.push({...places[0]!, digest: first!.promptSha256});
		}
	}

	const next = changes
		.toSorted((a, b) => b.start - a.start)
		.reduce((result, {start, end, digest}) => result.slice(0, start) + digest + result.slice(end), text);
	return {text: next, updated, ambiguous};
};

const digestsIn = (text: string, {stepId, recordedSha256}: Pick<Drift, 'stepId' | 'recordedSha256'>) => {
	const lineCounter = new LineCounter();
	const answers = parseDocument(text, {lineCounter, logLevel: 'error'}).get('answers');
	if (!isSeq(answers)) return [];
	return answers.items.flatMap(answer => {
		if (!isMap(answer) || answer.get('step') !== stepId) return [];
		const digest = answer.get('promptSha256', true);
		if (!isScalar(digest) || digest.value !== recordedSha256 || !digest.range) return [];
		const [start, end] = digest.range;
		return [{start, end, line: lineCounter.linePos(start).line}];
	});
};

const replaceFile = async (file: string, text: string) => {
	const temporary = `${file}.${process.pid}.tmp`;
	await writeFile(temporary, text);
	await rename(temporary, file);
};
