import {Box} from 'ink';
import type {ReactNode} from 'react';
import type {Size} from '../state.ts';
import {span} from '../text/row.ts';
import {truncate, widthOf} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {Line} from './Line.tsx';

interface Props {
	readonly title: string;
	/** After the title, not to be overlooked. */
	readonly alert?: string;
	/** At the right end of the top border. */
	readonly right?: string;
	/** Borders included. */
	readonly size: Size;
	readonly look: Look;
	readonly isFocused?: boolean;
	/** Lines of `size.columns - 2` columns, at most `size.rows - 2` of them. */
	readonly children?: ReactNode;
}

export const Pane = ({title, alert = '', right = '', size, look, isFocused = false, children}: Props) => {
	const border = look.theme.styles[isFocused ? 'borderFocused' : 'border'];
	return (
		<Box width={size.columns} height={size.rows} flexShrink={0}>
			<Box
				flexDirection="column"
				width={size.columns}
				height={size.rows}
				flexShrink={0}
				overflow="hidden"
				borderStyle={look.glyphs.border}
				borderColor={border.color}
				borderDimColor={border.isDim}
			>
				{children}
			</Box>
			<Labels title={title} alert={alert} right={right} columns={size.columns} isFocused={isFocused} look={look} />
		</Box>
	);
};

/**
 * `╭ Runs ─────────── follow ─╮`: the words lie on the border that Ink draws, which is cheaper than measuring a row of
 * line characters in every frame.
 */
const Labels = ({
	title,
	alert,
	right,
	columns,
	isFocused,
	look,
}: {
	readonly title: string;
	readonly alert: string;
	readonly right: string;
	readonly columns: number;
	readonly isFocused: boolean;
	readonly look: Look;
}) => {
	const {ellipsis} = look.glyphs;
	const rightText = right === '' ? '' : ` ${truncate(right, Math.max(0, columns - 12), ellipsis)} `;
	const rightColumns = widthOf(rightText);
	const titleText = ` ${truncate(title, columns - 6 - rightColumns, ellipsis)} `;
	const alertRoom = columns - 6 - rightColumns - widthOf(titleText);
	const alertText = alert === '' || alertRoom < 4 ? '' : ` ${truncate(alert, alertRoom - 1, ellipsis)} `;
	const titleColumns = widthOf(titleText) + widthOf(alertText);
	const style = isFocused ? 'titleFocused' : 'title';
	return (
		<Box position="absolute" width={columns} height={1} paddingLeft={1} paddingRight={2} justifyContent="space-between">
			<Line row={[span(titleText, style), span(alertText, 'selected')]} columns={titleColumns} look={look} />
			<Line row={[span(rightText, isFocused ? 'borderFocused' : 'border')]} columns={rightColumns} look={look} />
		</Box>
	);
};
