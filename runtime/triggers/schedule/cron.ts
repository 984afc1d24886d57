/** A cron expression as node-cron reads it, without its timers and without any time zone. */
export interface Cron {
	/** Ascending. */
	readonly seconds: readonly number[];
	readonly minutes: readonly number[];
	readonly hours: readonly number[];
	readonly months: ReadonlySet<number>;
	/** Days of the month that can match, where they are numbers: most days need no closer look then. */
	readonly days?: ReadonlySet<number | string>;
	/** Whether the expression has this second of the wall clock; see `Zone` for how one is written. */
	matches(wallMs: number): boolean;
}

/**
 * Loads node-cron when the first schedule is read.
 *
 * @throws Where node-cron does not take it; the language refuses the same ones.
 */
export const readCron = async (expression: string): Promise<Cron> => {
	const {createTask, parse} = await import('node-cron');
	const {second, minute, hour, dayOfMonth, month} = parse(expression);
	// A task that never starts, only for its `match`: destroyed so that the library does not keep it.
	const task = createTask(expression, () => undefined, {timezone: 'UTC'});
	await task.destroy();
	return {
		seconds: ascending(second),
		minutes: ascending(minute),
		hours: ascending(hour),
		months: new Set(month),
		...(dayOfMonth.every(day => typeof day === 'number') && {days: new Set(dayOfMonth)}),
		matches: wallMs => task.match(new Date(wallMs)),
	};
};

const ascending = (values: readonly number[]) => [...new Set(values)].sort((a, b) => a - b);
