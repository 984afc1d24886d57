import type {LogLevel} from '../../../log-line.ts';
import {type Row, span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {StyleName} from '../../theme.ts';
import type {LogLine} from './buffer.ts';

const levelStyles: Readonly<Record<LogLevel, StyleName>> = {
	trace: 'muted',
	debug: 'muted',
	info: 'completed',
	warn: 'alert',
	error: 'failed',
	fatal: 'danger',
};

/** `14:02:11 error  a request failed  url=/v1/runs`, going on below where it is long. At least one row. */
export const logRowsOf = (line: LogLine, columns: number): readonly Row[] => {
	const known = wrapped.get(line);
	if (known?.columns === columns) return known.rows;
	const rows = wrappedRowsOf(line, columns);
	wrapped.set(line, {columns, rows});
	return rows;
};

const wrapped = new WeakMap<LogLine, {readonly columns: number; readonly rows: readonly Row[]}>();

const wrappedRowsOf = ({level, clock, text, stack}: LogLine, columns: number): Row[] => {
	const isEntry = level !== undefined;
	const head = isEntry
		? [span(` ${clock.padEnd(8)} `, 'muted'), span(`${level.padEnd(5)} `, levelStyles[level])]
		: [span(' ')];
	const indent = ' '.repeat(isEntry ? 16 : 1);
	const textColumns = Math.max(10, columns - indent.length - 1);
	const style = level === 'error' || level === 'fatal' || level === 'warn' ? 'strong' : 'text';
	const [first = '', ...rest] = wrap(text, textColumns);
	return [
		[...head, span(first, style)],
		...rest.map(row => [span(`${indent}${row}`, style)]),
		...stack.flatMap(row => wrap(row, textColumns - 2)).map(row => [span(`${indent}  ${row}`, 'muted' as const)]),
	];
};
