import type {Row} from '../text/row.ts';
import {span} from '../text/row.ts';
import {wrap} from '../text/width.ts';
import type {Look} from '../theme.ts';
import {Line} from './Line.tsx';
import {Rows} from './Rows.tsx';
import {firstShownOf} from './windows.ts';

interface Props<Item> {
	readonly items: readonly Item[];
	readonly selected: Item | undefined;
	/** Unique in the table. */
	readonly idOf: (item: Item) => string;
	readonly titles: Row;
	readonly rowOf: (item: Item) => Row;
	/** Said instead of the table. */
	readonly words: string | undefined;
	readonly isFocused: boolean;
	/** Whether the row under the cursor stays marked while the focus is elsewhere. */
	readonly isMarkKept?: boolean;
	/** Inside the border. */
	readonly columns: number;
	/** Below the titles. */
	readonly rows: number;
	readonly look: Look;
}

/** Titles and the rows that fit, those around the cursor; or words where there is nothing to show. */
export const TableRows = <Item,>(props: Props<Item>) => {
	const {items, selected, idOf, titles, rowOf, words, isFocused, isMarkKept = false, columns, rows, look} = props;
	if (words !== undefined) {
		const lines = wrap(words, columns - 2).slice(0, rows + 1);
		return <Rows rows={lines.map(text => [span(` ${text}`)])} columns={columns} look={look} />;
	}

	const selectedId = selected && idOf(selected);
	const first = firstRowOf(items, selectedId, idOf, rows);
	return (
		<>
			<Line row={[span(' '), ...titles]} columns={columns} look={look} />
			{items.slice(first, first + rows).map(item => {
				const isSelected = idOf(item) === selectedId;
				const mark = isFocused ? 'here' : isMarkKept ? 'elsewhere' : undefined;
				return (
					<Line
						key={idOf(item)}
						row={[span(isSelected ? look.glyphs.cursor : ' '), ...rowOf(item)]}
						columns={columns}
						look={look}
						selection={isSelected ? mark : undefined}
					/>
				);
			})}
		</>
	);
};

/** @returns How many rows are below those that are shown. */
export const hiddenBelow = <Item,>({
	items,
	selected,
	idOf,
	rows,
}: Pick<Props<Item>, 'items' | 'selected' | 'idOf' | 'rows'>) =>
	items.length - firstRowOf(items, selected && idOf(selected), idOf, rows) - rows;

const firstRowOf = <Item,>(
	items: readonly Item[],
	selectedId: string | undefined,
	idOf: (item: Item) => string,
	rows: number,
): number => {
	const index = items.findIndex(item => idOf(item) === selectedId);
	return Math.max(0, firstShownOf(items.length, Math.max(0, index), rows));
};
