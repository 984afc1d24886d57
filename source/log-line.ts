/** A line of the daemon's log, taken apart. */
export interface LogEntry {
	readonly level: LogLevel;
	/** ISO-8601; empty where it has none. */
	readonly time: string;
	readonly message: string;
	/** `name=value`, in order. */
	readonly facts: readonly string[];
	/** Of an error: its stack, a line each. */
	readonly stack: readonly string[];
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

const levels: Readonly<Record<number, LogLevel>> = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'warn',
	50: 'error',
	60: 'fatal',
};

/** @returns `undefined` for what is no entry: a crash of Node.js itself. Nothing in it is cleaned. */
export const logEntryOf = (line: string): LogEntry | undefined => {
	const fields = fieldsOf(line);
	if (!fields) return undefined;
	const {level, time, pid: _, msg, err, ...facts} = fields;
	return {
		level: levels[Number(level)] ?? 'info',
		time: typeof time === 'string' ? time : '',
		message: msg === undefined ? '' : textOf(msg),
		facts: Object.entries(facts).map(([name, value]) => `${name}=${textOf(value)}`),
		stack: stackLinesOf(err),
	};
};

/** @returns An entry for a person, several lines where it has a stack; what is no entry as it is. Nothing is cleaned. */
export const logLineOf = (line: string): string => {
	const entry = logEntryOf(line);
	if (!entry) return line;
	const {time, level, message, facts, stack} = entry;
	const head = [time, level.padEnd(5), message, ...facts].filter(Boolean).join('  ');
	return [head, ...stack.map(row => `  ${row}`)].join('\n');
};

const fieldsOf = (line: string): Record<string, unknown> | undefined => {
	try {
		const entry: unknown = JSON.parse(line);
		return typeof entry === 'object' && entry !== null && 'level' in entry ? {...entry} : undefined;
	} catch {
		return undefined;
	}
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const stackLinesOf = (err: unknown): string[] => {
	if (typeof err !== 'object' || err === null) return err === undefined ? [] : [textOf(err)];
	const {stack, message} = err as {stack?: unknown; message?: unknown};
	return String(stack ?? message ?? JSON.stringify(err)).split('\n');
};
