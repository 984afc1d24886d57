/** What became of one thing that the imported file says. */
export interface ImportNote {
	/** 1-based, in the imported file. */
	readonly line: number;
	readonly what: string;
	/** `changed`: it is there, and does not do exactly the same. */
	readonly outcome: 'carried' | 'changed' | 'dropped';
	/** What it is now, or why it is not there. */
	readonly detail: string;
	/** What to do about it, imperative. */
	readonly advice?: string;
}

export interface Notes {
	carried(line: number, what: string, detail: string): void;
	changed(line: number, what: string, detail: string, advice?: string): void;
	dropped(line: number, what: string, detail: string, advice?: string): void;
	/** Sorted by line. */
	list(): readonly ImportNote[];
}

const notesMax = 200;
const wordsMax = 60;

export const createNotes = (): Notes => {
	const notes: ImportNote[] = [];
	const add = (outcome: ImportNote['outcome'], line: number, what: string, detail: string, advice?: string) => {
		if (notes.length >= notesMax) return;
		const isLast = notes.length === notesMax - 1;
		const words = what.length > wordsMax ? `${what.slice(0, wordsMax)}…` : what;
		notes.push(
			isLast
				? {line, what: '…', outcome: 'dropped', detail: 'There is more than fits into this report.'}
				: {line, what: words, outcome, detail, ...(advice && {advice})},
		);
	};

	return {
		carried: (...rest) => add('carried', ...rest),
		changed: (...rest) => add('changed', ...rest),
		dropped: (...rest) => add('dropped', ...rest),
		list: () => notes.toSorted((a, b) => a.line - b.line),
	};
};
