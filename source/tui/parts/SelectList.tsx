import SelectInput, {type IndicatorProps, type ItemProps} from 'ink-select-input';
import {type FC, useMemo} from 'react';
import type {Row} from '../text/row.ts';
import {span} from '../text/row.ts';
import type {Look} from '../theme.ts';
import {Line} from './Line.tsx';
import {firstShownOf} from './windows.ts';

interface Props<Item> {
	readonly items: readonly Item[];
	readonly selected: Item | undefined;
	/** Unique in the list. */
	readonly idOf: (item: Item) => string;
	readonly rowOf: (item: Item, columns: number, look: Look) => Row;
	readonly isFocused: boolean;
	/** Inside the border. */
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
}

/**
 * A list, drawn by ink-select-input. It does not listen: keys go through the one table of the cockpit, the cursor is
 * the state's, and it is given exactly the rows that fit. It keeps a cursor of its own, so another cursor or another
 * list is another one of it.
 */
export const SelectList = <Item,>({items, selected, idOf, rowOf, isFocused, columns, rows, look}: Props<Item>) => {
	const indicator = useMemo(() => indicatorOf(look, isFocused), [look, isFocused]);
	const index = selected ? items.indexOf(selected) : 0;
	const first = Math.max(0, firstShownOf(items.length, index, rows));
	const shown = items.slice(first, first + rows);
	const options = shown.map(item => ({
		...{value: idOf(item), label: idOf(item)},
		...{row: rowOf(item, columns - 1, look), columns: columns - 1, isFocused, look},
	}));
	return (
		<SelectInput
			key={[selected && idOf(selected), ...shown.map(idOf)].join('\0')}
			items={options}
			initialIndex={selected ? shown.indexOf(selected) : 0}
			isFocused={false}
			indicatorComponent={indicator}
			itemComponent={ListItem as FC<ItemProps>}
		/>
	);
};

interface ListItemProps extends ItemProps {
	readonly row: Row;
	readonly columns: number;
	readonly isFocused: boolean;
	readonly look: Look;
}

const ListItem = ({row, columns, look, isSelected, isFocused}: ListItemProps) => (
	<Line
		row={row}
		columns={columns}
		look={look}
		selection={isSelected ? (isFocused ? 'here' : 'elsewhere') : undefined}
	/>
);

const indicatorOf =
	(look: Look, isFocused: boolean): FC<IndicatorProps> =>
	({isSelected}) => (
		<Line
			row={[span(isSelected ? look.glyphs.cursor : ' ')]}
			columns={1}
			look={look}
			selection={isSelected && isFocused ? 'here' : undefined}
		/>
	);
