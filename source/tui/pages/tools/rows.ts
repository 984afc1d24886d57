import type {ToolView} from '../../../api/messages.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {fitText} from '../../text/width.ts';
import type {Look, StyleName} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import {toolStandingOf} from './standing.ts';

/** `✓ issues  mcp, openapi  works, 1 of 2  12 operations  worked 14:00  1 idle` */
export const toolRowOf = (tool: ToolView, columns: number, {glyphs}: Look, nowMs: number): Row => {
	const {glyph, style, words} = toolStandingOf(tool, nowMs);
	const cells: Readonly<Record<ColumnName, readonly [string, StyleName?]>> = {
		tool: [tool.name],
		kind: [tool.implementations.map(({kind}) => kind).join(', '), 'key'],
		state: [words, style],
		operations: [tool.operations === null ? '?' : String(tool.operations)],
		'last asked': [lastWordsOf(tool, nowMs)],
		servers: [serverWordsOf(tool)],
	};
	return [
		span(`${glyphs.status[glyph]} `, style),
		...columnsOf(columns).map(([name, width]) => {
			const [text, cellStyle] = cells[name];
			return span(`${fitText(cleanText(text), width - 1, glyphs.ellipsis)} `, cellStyle);
		}),
	];
};

/** The titles of `toolRowOf`. */
export const toolTitlesOf = (columns: number, {glyphs}: Look): Row => [
	span('  '),
	...columnsOf(columns).map(([name, width]) => {
		const title = name === 'operations' && width < 11 ? 'ops' : name;
		return span(`${fitText(title, width - 1, glyphs.ellipsis)} `, 'muted');
	}),
];

/** How the implementation did that was asked last. */
const lastWordsOf = ({implementations}: ToolView, nowMs: number): string => {
	const asked = implementations.flatMap(({last}) => (last ? [last] : []));
	// Of those asked in one call the last one counts: the others are why it was asked.
	const latest = asked.toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at)).at(-1);
	if (!latest) return '';
	return `${clockWords(Date.parse(latest.at), nowMs)} ${latest.failure ? latest.failure.code : 'answered'}`;
};

/** `1 busy, 2 idle` */
const serverWordsOf = ({implementations}: ToolView): string => {
	const states = implementations.flatMap(({servers}) => servers.map(({state}) => state));
	return (['starting', 'busy', 'idle'] as const)
		.map(state => [states.filter(each => each === state).length, state] as const)
		.filter(([count]) => count > 0)
		.map(([count, state]) => `${count} ${state}`)
		.join(', ');
};

type ColumnName = 'tool' | 'kind' | 'state' | 'operations' | 'last asked' | 'servers';

/** Width of each column, the space after it included; the state has what is left. */
const columnsOf = (columns: number): readonly (readonly [ColumnName, number])[] => {
	const isWide = columns >= 100;
	const starts = [
		['tool', isWide ? 22 : 14],
		['kind', isWide ? 20 : 12],
	] as const;
	const ends = [
		['operations', isWide ? 11 : 4],
		['last asked', isWide ? 28 : 15],
		['servers', isWide ? 14 : 8],
	] as const;
	const taken = [...starts, ...ends].reduce((sum, [, width]) => sum + width, 2);
	return [...starts, ['state', Math.max(2, columns - taken)], ...ends];
};
