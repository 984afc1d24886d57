/** One figure beside what it should be. */
export interface Judged {
	readonly what: string;
	readonly measured: number | null;
	/** At most. */
	readonly goal: number;
	readonly unit: string;
	readonly isMet: boolean;
}

export const judged = (what: string, measured: number | undefined, goal: number, unit: string): Judged => ({
	what,
	measured: measured ?? null,
	goal,
	unit,
	isMet: measured !== undefined && measured <= goal,
});

/** @returns A table for people. */
export const tableOf = (figures: readonly Judged[]): string =>
	figures
		.map(({what, measured, goal, unit, isMet}) =>
			[isMet ? '✓' : '✗', what.padEnd(48), `${measured ?? '–'} ${unit}`.padStart(14), `goal ${goal} ${unit}`].join(
				'  ',
			),
		)
		.join('\n');
