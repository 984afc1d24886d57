import {closeSync, fstatSync, openSync, readSync} from 'node:fs';
import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import {attemptFolderOf} from '../../source/paths.ts';
import type {StepText} from '../../source/run/events.ts';
import {type RunState, unitKeyOf, unitNameOf, unitOf} from '../../source/run/state.ts';
import {formatSize} from '../../source/units.ts';

/**
 * @returns The text of a file as its event carries it: whole where it is small, else its beginning; nothing for no file.
 * Secrets are masked, for events are kept.
 */
export const stepTextOfFile = (file: string, secrets: readonly string[] = []): StepText => {
	const {text, sizeBytes} = readStart(file, limits.eventTextBytesMax);
	return {preview: maskText(text, secrets), sizeBytes, isWhole: sizeBytes <= limits.eventTextBytesMax};
};

/**
 * Reads the whole text of an ended step for `steps.x.text`.
 *
 * @throws AiworkflowError `text.too-large` above `limits.stepTextBytesMax`.
 */
export const readStepText = (stateFolder: string, run: RunState, stepId: string, item?: number): string => {
	const {kind, adoptedFrom} = run.steps[stepId]!;
	const {attempts, text, cached} = unitOf(run, stepId, item);
	// What a fork took over is where it was made.
	const runId = adoptedFrom?.runId ?? run.id;
	const attempt = adoptedFrom?.attempt ?? attempts.at(-1)?.number ?? 1;
	if (cached) return text?.preview ?? '';
	const folder = attemptFolderOf(stateFolder, runId, unitKeyOf(stepId, item), attempt);
	const file = path.join(folder, kind === 'agent' ? 'answer.txt' : 'stdout.log');
	const whole = readStart(file, limits.stepTextBytesMax);
	if (whole.sizeBytes <= limits.stepTextBytesMax) return whole.text || (text?.preview ?? '');
	throw new AiworkflowError({
		code: 'text.too-large',
		message: `\`steps.${unitNameOf(stepId, item)}.text\` has ${formatSize(whole.sizeBytes)}; expressions read at most ${formatSize(limits.stepTextBytesMax)}.`,
		suggestion: 'Let the step write a file and hand over its path as an output.',
	});
};

const readStart = (file: string, bytesMax: number): {text: string; sizeBytes: number} => {
	let descriptor: number | undefined;
	try {
		descriptor = openSync(file, 'r');
		const sizeBytes = fstatSync(descriptor).size;
		const buffer = Buffer.alloc(Math.min(sizeBytes, bytesMax));
		const readBytes = readSync(descriptor, buffer, 0, buffer.length, 0);
		return {text: buffer.toString('utf8', 0, readBytes), sizeBytes};
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {text: '', sizeBytes: 0};
		throw error;
	} finally {
		if (descriptor !== undefined) closeSync(descriptor);
	}
};
