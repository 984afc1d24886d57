import {Text} from 'ink';
import {memo} from 'react';
import {fitRow, type Row} from '../text/row.ts';
import type {Look, Style} from '../theme.ts';

interface Props {
	readonly row: Row;
	readonly columns: number;
	readonly look: Look;
	/** The row under the cursor: `here` where keys go, `elsewhere` in a pane without the focus. */
	readonly selection?: 'here' | 'elsewhere';
}

/** Exactly one row of the screen, exactly `columns` wide. */
export const Line = memo(({row, columns, look: {theme, glyphs}, selection}: Props) => {
	const spans = fitRow(row, columns, glyphs.ellipsis);
	if (selection === 'here') return <Styled style={theme.styles.selected} text={spans.map(({text}) => text).join('')} />;
	return (
		<Text wrap="truncate" bold={selection === 'elsewhere'}>
			{spans.map(({text, style}, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: spans have no identity but their place.
				<Styled key={index} style={theme.styles[style ?? 'text']} text={text} />
			))}
		</Text>
	);
});

const Styled = ({style, text}: {readonly style: Style; readonly text: string}) => (
	<Text wrap="truncate" color={style.color} bold={style.isBold} dimColor={style.isDim} inverse={style.isInverse}>
		{text}
	</Text>
);
