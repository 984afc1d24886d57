import {closeSync, openSync, rmSync} from 'node:fs';
import type {StepText} from '../../../source/run/events.ts';
import {type BatchedFile, createBatchedFile, writeFully} from './batched-file.ts';

/** What the agent says last: its messages come in pieces, and each new message takes the place of the one before. */
export interface Answer {
	append(delta: string, messageId?: string): void;
	/** Something else happened in between: what follows is another message. */
	breakMessage(): void;
	/** Another turn begins: what was said before is no answer to it. */
	clear(): void;
	/** All of a short message, the end of a long one; empty before anything was said. */
	tail(): string;
	/** @param text Takes the place of a short answer: the same without its outputs. */
	finish(text?: string): StepText;
}

export interface AnswerLimits {
	/** A longer message goes to the file, and only this much of its beginning stays here. */
	readonly previewBytesMax: number;
	readonly tailCharactersMax: number;
}

/** @param file Gets the whole message where it is too long for an event; does not exist otherwise. */
export const createAnswer = (file: string, {previewBytesMax, tailCharactersMax}: AnswerLimits): Answer => {
	let spill: {readonly descriptor: number; readonly disk: BatchedFile} | undefined;
	let start = '';
	let sizeBytes = 0;
	let tail: string[] = [];
	let tailCharacters = 0;
	let messageId: string | undefined;
	let isBroken = false;

	const clear = () => {
		if (spill) {
			spill.disk.flush();
			closeSync(spill.descriptor);
			rmSync(file, {force: true});
			spill = undefined;
		}

		start = '';
		sizeBytes = 0;
		tail = [];
		tailCharacters = 0;
		isBroken = false;
	};

	const keepTail = (delta: string) => {
		tail.push(delta);
		tailCharacters += delta.length;
		// Halving now and then costs less than cutting each time.
		if (tailCharacters <= tailCharactersMax * 2) return;
		tail = [tail.join('').slice(-tailCharactersMax)];
		tailCharacters = tailCharactersMax;
	};

	return {
		append(delta, id) {
			if (isBroken || (id !== undefined && id !== messageId && sizeBytes > 0)) clear();
			messageId = id ?? messageId;
			sizeBytes += Buffer.byteLength(delta);
			keepTail(delta);
			if (spill) {
				spill.disk.append(delta);
				return;
			}

			start += delta;
			if (sizeBytes <= previewBytesMax) return;
			const descriptor = openSync(file, 'w', 0o600);
			spill = {descriptor, disk: createBatchedFile(text => writeFully(descriptor, text))};
			spill.disk.append(start);
		},
		breakMessage() {
			isBroken = sizeBytes > 0;
		},
		clear,
		tail: () => tail.join('').slice(-tailCharactersMax),
		finish(text) {
			if (spill) {
				spill.disk.flush();
				closeSync(spill.descriptor);
				return {preview: cut(start, previewBytesMax), sizeBytes, isWhole: false};
			}

			const preview = text ?? start;
			return {preview, sizeBytes: Buffer.byteLength(preview), isWhole: true};
		},
	};
};

const cut = (text: string, bytesMax: number) =>
	// A character cut in two becomes a replacement character, which is left out.
	Buffer.from(text)
		.toString('utf8', 0, bytesMax)
		.replace(/\uFFFD+$/, '');
