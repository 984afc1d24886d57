import {type FSWatcher, mkdirSync, readFileSync, watch} from 'node:fs';
import {type HostAnswer, hostFilesOf} from '../agent-protocol.ts';

/** Waits for the answers to permissions, which come as files. */
export interface Mailbox {
	/** Calls back once, when the answer is there. @returns A function that stops waiting. */
	expect(permissionId: string, onAnswer: (optionId: string | null) => void): () => void;
	close(): void;
}

/** Should the file system not tell of a new file. */
const pollMs = 500;

export const openMailbox = (folder: string): Mailbox => {
	const files = hostFilesOf(folder);
	mkdirSync(files.answers, {recursive: true, mode: 0o700});
	const expected = new Map<string, (optionId: string | null) => void>();

	const look = () => {
		for (const [id, onAnswer] of [...expected]) {
			const answer = readAnswer(files.answerTo(id));
			if (!answer || !expected.delete(id)) continue;
			onAnswer(answer.optionId);
		}
	};

	let watcher: FSWatcher | undefined;
	try {
		watcher = watch(files.answers, look);
		watcher.on('error', () => {});
	} catch {
		// No watches left: the poll is enough.
	}

	const timer = setInterval(() => expected.size > 0 && look(), pollMs);
	return {
		expect(id, onAnswer) {
			expected.set(id, onAnswer);
			look();
			return () => expected.delete(id);
		},
		close() {
			clearInterval(timer);
			watcher?.close();
			expected.clear();
		},
	};
};

const readAnswer = (file: string): HostAnswer | undefined => {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as HostAnswer;
	} catch {
		return undefined;
	}
};
