import SelectInput, {type IndicatorProps, type ItemProps} from 'ink-select-input';
import {type FC, useMemo} from 'react';
import {Line} from '../../parts/Line.tsx';
import {firstShownOf} from '../../parts/windows.ts';
import {span} from '../../text/row.ts';
import type {Look} from '../../theme.ts';
import {pickerRowOf} from './rows.ts';
import type {PickerItem} from './select.ts';

interface Props {
	readonly items: readonly PickerItem[];
	readonly selected: PickerItem | undefined;
	readonly isFocused: boolean;
	/** Inside the border. */
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
}

/**
 * The list, drawn by ink-select-input. It does not listen: keys go through the one table of the cockpit, the cursor is
 * the state's, and it is given exactly the rows that fit. It keeps a cursor of its own, so another cursor or another
 * list is another one of it.
 */
export const WorkflowPicker = ({items, selected, isFocused, columns, rows, look}: Props) => {
	const indicator = useMemo(() => indicatorOf(look, isFocused), [look, isFocused]);
	const index = selected ? items.indexOf(selected) : 0;
	const first = firstShownOf(items.length, index, rows);
	const shown = items.slice(Math.max(0, first), Math.max(0, first) + rows);
	const options = shown.map(item => ({
		value: item.file,
		label: item.name,
		item,
		columns: columns - 1,
		isFocused,
		look,
	}));
	return (
		<SelectInput
			key={[selected?.file, ...shown.map(({file}) => file)].join('\0')}
			items={options}
			initialIndex={selected ? shown.indexOf(selected) : 0}
			isFocused={false}
			indicatorComponent={indicator}
			itemComponent={Item as FC<ItemProps>}
		/>
	);
};

interface PickerItemProps extends ItemProps {
	readonly item: PickerItem;
	readonly columns: number;
	readonly isFocused: boolean;
	readonly look: Look;
}

const Item = ({item, columns, look, isSelected, isFocused}: PickerItemProps) => (
	<Line
		row={pickerRowOf(item, columns, look)}
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
