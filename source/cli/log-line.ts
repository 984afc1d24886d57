import {cleanText} from './clean.ts';

const levels: Readonly<Record<number, string>> = {
	10: 'trace',
	20: 'debug',
	30: 'info',
	40: 'warn',
	50: 'error',
	60: 'fatal',
};

/** @returns A line of the daemon's log for a person; what is no JSON (a crash of Node.js itself) as it is. */
export const logLineOf = (line: string): string => {
	const entry = entryOf(line);
	if (!entry) return cleanText(line);
	const {level, time, pid: _, msg, err, ...facts} = entry;
	const words = Object.entries(facts).map(([name, value]) => `${name}=${textOf(value)}`);
	const head = [time, (levels[Number(level)] ?? String(level)).padEnd(5), msg, ...words].filter(Boolean).join('  ');
	return cleanText([head, ...stackLinesOf(err)].join('\n'));
};

const entryOf = (line: string): Record<string, unknown> | undefined => {
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
	return String(stack ?? message ?? JSON.stringify(err))
		.split('\n')
		.map(row => `  ${row}`);
};
