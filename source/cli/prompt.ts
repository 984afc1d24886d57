import {createInterface} from 'node:readline/promises';
import type {Readable, Writable} from 'node:stream';

export interface PromptStreams {
	readonly input: Readable;
	readonly output: Writable & {readonly isTTY?: boolean};
}

export type Answer =
	| {readonly kind: 'approve' | 'reject'; readonly comment?: string}
	/** Left open: somebody answers it elsewhere, or later. */
	| {readonly kind: 'later'};

export interface Prompt {
	/** Resolves to `undefined` when the question was taken back. */
	readonly answer: Promise<Answer | undefined>;
	/** Writes a line above the question. */
	readonly print: (text: string) => void;
	/** Takes the question back. */
	readonly close: () => void;
}

const keys = '[y]es [n]o [c]omment [d]etails [l]ater › ';

/**
 * Asks a person at a terminal to decide, by whole words and the enter key, so that no stray key decides.
 *
 * @param details What `d` shows.
 */
export const askApproval = (
	details: () => readonly string[],
	{input, output}: PromptStreams,
	onInterrupt: () => void = () => process.kill(process.pid, 'SIGINT'),
): Prompt => {
	const lines = createInterface({input, output, terminal: output.isTTY === true});
	const closed = new AbortController();
	lines.on('SIGINT', onInterrupt);
	// Ctrl-d, or the end of the input.
	lines.on('close', () => closed.abort());
	let isTakenBack = false;
	const ask = (question: string) => lines.question(question, {signal: closed.signal});

	const decide = async (): Promise<Answer> => {
		let comment: string | undefined;
		for (;;) {
			const word = (await ask(`  ${comment === undefined ? keys : `“${comment}” ${keys}`}`)).trim().toLowerCase();
			if (word === 'y' || word === 'yes') return {kind: 'approve', comment};
			if (word === 'n' || word === 'no') return {kind: 'reject', comment};
			if (word === 'l' || word === 'later') return {kind: 'later'};
			if (word === 'd' || word === 'details')
				output.write(
					`${details()
						.map(line => `  ${line}`)
						.join('\n')}\n`,
				);
			else if (word === 'c' || word === 'comment') comment = (await ask('  Comment › ')).trim() || undefined;
			else if (word !== '') output.write('  Type one of the letters in brackets, then enter.\n');
		}
	};

	const answer = decide()
		.catch((): Answer | undefined => (isTakenBack ? undefined : {kind: 'later'}))
		.finally(() => lines.close());
	return {
		answer,
		print: text => {
			if (output.isTTY) output.write('\r\u001B[K');
			output.write(`${text}\n`);
			lines.prompt(true);
		},
		close: () => {
			isTakenBack = true;
			lines.close();
		},
	};
};

/** A question with a safe default: only `y` and `yes` are yes. */
export const confirm = async (
	question: string,
	{input, output}: PromptStreams = defaultStreams(),
): Promise<boolean> => {
	const lines = createInterface({input, output, terminal: output.isTTY === true});
	const closed = new AbortController();
	lines.on('close', () => closed.abort());
	try {
		const word = await lines.question(`${question} [y]es [n]o › `, {signal: closed.signal});
		return /^y(es)?$/i.test(word.trim());
	} catch {
		return false;
	} finally {
		lines.close();
	}
};

const defaultStreams = (): PromptStreams => ({input: process.stdin, output: process.stdout});
