import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {Size} from '../state.ts';
import {type Row, rowWidthOf, span} from '../text/row.ts';
import {truncate, widthOf} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {Line} from './Line.tsx';

interface Props {
	readonly title: string;
	/** At the right end of the top border. */
	readonly right?: string;
	/** Borders included. */
	readonly size: Size;
	readonly look: Look;
	readonly isFocused?: boolean;
	/** Lines of `size.columns - 2` columns, at most `size.rows - 2` of them. */
	readonly children?: ReactNode;
}

export const Pane = ({title, right = '', size, look, isFocused = false, children}: Props) => {
	const border = look.theme.styles[isFocused ? 'borderFocused' : 'border'];
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Line row={topRowOf(title, right, size.columns, isFocused, look)} columns={size.columns} look={look} />
			<Box
				flexDirection="column"
				width={size.columns}
				height={size.rows - 1}
				flexShrink={0}
				overflow="hidden"
				borderStyle={look.glyphs.border}
				borderTop={false}
				borderColor={border.color}
				borderDimColor={border.isDim}
			>
				{children}
			</Box>
		</Box>
	);
};

/** `╭ Runs ─────────── follow ─╮` */
const topRowOf = (title: string, right: string, columns: number, isFocused: boolean, {glyphs}: Look): Row => {
	const {border, ellipsis} = glyphs;
	const line = isFocused ? 'borderFocused' : 'border';
	const shownRight = right === '' ? '' : ` ${truncate(right, Math.max(0, columns - 12), ellipsis)} ${border.top}`;
	const titleColumns = columns - 5 - widthOf(shownRight);
	const left = [
		span(`${border.topLeft} `, line),
		span(truncate(title, titleColumns, ellipsis), isFocused ? 'titleFocused' : 'title'),
		span(' ', line),
	];
	const fill = columns - rowWidthOf(left) - widthOf(shownRight) - 1;
	return [
		...left,
		span(border.top.repeat(Math.max(0, fill)), line),
		span(shownRight, line),
		span(border.topRight, line),
	];
};
