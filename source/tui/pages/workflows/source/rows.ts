import type {WorkflowFileView} from '../../../../api/messages.ts';
import type {Diagnostic} from '../../../../workflow/diagnostics.ts';
import {cleanLine, cleanText} from '../../../text/clean.ts';
import {type Row, span} from '../../../text/row.ts';
import {wrap} from '../../../text/width.ts';
import type {Look, StyleName} from '../../../theme.ts';

/** A row of the source, and the line of the file that it is of. */
export interface SourceRow {
	/** 1-based. */
	readonly line: number;
	readonly text: string;
	/** A line that is too long goes on in further rows. */
	readonly isFirst: boolean;
	readonly style: StyleName;
}

/** @param columns Inside the border. */
export const sourceRowsOf = (view: WorkflowFileView, columns: number): readonly SourceRow[] => {
	const known = wrapped.get(view);
	if (known?.columns === columns) return known.rows;
	const rows = wrappedRowsOf(view.text, Math.max(10, columns - gutterColumnsOf(view) - 1));
	wrapped.set(view, {columns, rows});
	return rows;
};

const wrapped = new WeakMap<WorkflowFileView, {readonly columns: number; readonly rows: readonly SourceRow[]}>();

const wrappedRowsOf = (source: string, columns: number): SourceRow[] => {
	let fence: string | undefined;
	return source
		.replace(/\n$/, '')
		.split(/\r?\n/)
		.flatMap((raw, index) => {
			const mark = /^\s{0,3}(`{3,}|~{3,})/.exec(raw)?.[1];
			const isInside = fence !== undefined;
			const isBorder = mark !== undefined && (fence === undefined || mark.startsWith(fence));
			if (isBorder) fence = isInside ? undefined : mark;
			const style: StyleName = isBorder ? 'muted' : isInside ? 'text' : /^#{1,6}\s/.test(raw) ? 'strong' : 'text';
			return wrap(cleanLine(raw), columns).map((text, row) => ({line: index + 1, text, isFirst: row === 0, style}));
		});
};

/** Mark, number, and a column of air. */
const gutterColumnsOf = ({text}: WorkflowFileView): number => String(text.split('\n').length).length + 3;

/** @returns A row of the screen: `✗ 12  needs: [plan]`. */
export const sourceRowOf = (row: SourceRow, view: WorkflowFileView, {glyphs}: Look): Row => {
	const columns = gutterColumnsOf(view);
	const severity = row.isFirst ? severityOf(view, row.line) : undefined;
	const mark = severity === undefined ? ' ' : severity === 'error' ? glyphs.status.failed : '!';
	const number = row.isFirst ? String(row.line) : '';
	return [
		span(mark, severity === 'error' ? 'failed' : 'alert'),
		span(`${number.padStart(columns - 2)} `, 'muted'),
		span(row.text, row.style),
	];
};

const severityOf = ({diagnostics}: WorkflowFileView, line: number): Diagnostic['severity'] | undefined => {
	const here = diagnostics.filter(diagnostic => diagnostic.line === line);
	return here.find(({severity}) => severity === 'error')?.severity ?? here[0]?.severity;
};

/** What was found in the file: its problems first, then what would run. */
export const planRowsOf = (view: WorkflowFileView, columns: number, look: Look): Row[] => {
	const {definition} = view;
	const rows = problemRowsOf(view, columns, look);
	if (rows.length > 0) rows.push([]);
	if (definition) rows.push([span(' Plan', 'strong')], ...definition.plan.map(line => [span(`  ${cleanText(line)}`)]));
	return rows;
};

export const problemRowsOf = ({diagnostics, definition}: WorkflowFileView, columns: number, {glyphs}: Look): Row[] => {
	if (diagnostics.length === 0) return [[span(` ${glyphs.status.completed} No problems.`, 'completed')]];
	const head = definition
		? span(` ! ${countOf(diagnostics.length, 'warning')}: it can be run.`, 'alert')
		: span(` ${glyphs.status.failed} It cannot be run: ${countOf(diagnostics.length, 'problem')}.`, 'failed');
	return [[head], ...diagnostics.flatMap(diagnostic => diagnosticRowsOf(diagnostic, columns, glyphs.arrow))];
};

export const diagnosticRowsOf = (
	{line, column, severity, message, suggestion}: Diagnostic,
	columns: number,
	arrow: string,
): Row[] => {
	const style = severity === 'error' ? 'failed' : 'alert';
	const said = wrap(cleanText(`${line}:${column} ${severity}: ${message}`), columns - 4);
	const mend = suggestion === undefined ? [] : wrap(cleanText(`${arrow} ${suggestion}`), columns - 4);
	return [...said.map(text => [span(`  ${text}`, style)]), ...mend.map(text => [span(`  ${text}`)])];
};

const countOf = (count: number, noun: string): string => (count === 1 ? `one ${noun}` : `${count} ${noun}s`);
