import {Box} from 'ink';
import SelectInput, {type IndicatorProps, type ItemProps} from 'ink-select-input';
import {type FC, useMemo} from 'react';
import {templateCategories} from '../../../../templates/definition.ts';
import type {TemplateView} from '../../../../templates/shelf.ts';
import {Line} from '../../../parts/Line.tsx';
import {Pane} from '../../../parts/Pane.tsx';
import {Rows} from '../../../parts/Rows.tsx';
import {firstShownOf} from '../../../parts/windows.ts';
import {resourceWordsOf} from '../../../rows/resource.ts';
import type {CockpitState} from '../../../state.ts';
import {cleanText} from '../../../text/clean.ts';
import {span} from '../../../text/row.ts';
import type {Look} from '../../../theme.ts';
import type {BodyProps} from '../../bodies.ts';
import {templateRowOf} from './rows.ts';
import {selectedTemplateOf, shownTemplatesOf} from './select.ts';
import {previewOf, splitOfTemplates} from './view.ts';

/** Templates in place of workflows: the list, and beside it what the one under the cursor is. */
export const TemplatePicker = ({state, look, size}: BodyProps) => {
	const items = shownTemplatesOf(state);
	const selected = selectedTemplateOf(state);
	const {isWide, list, detail} = splitOfTemplates(state, size);
	const {half} = state.pages.workflows.templates;
	const {rows, top, count} = previewOf(state, size, look);
	const words = emptyWordsOf(state, items.length === 0);
	return (
		<Box flexDirection={isWide ? 'row' : 'column'} flexShrink={0}>
			<Pane title={titleOf(state)} right={`${items.length}`} size={list} look={look} isFocused={half === 'list'}>
				{words !== undefined && <Line row={[span(` ${words}`)]} columns={list.columns - 2} look={look} />}
				{selected && (
					<TemplateList
						items={items}
						selected={selected}
						isFocused={half === 'list'}
						columns={list.columns - 2}
						rows={list.rows - 2}
						look={look}
					/>
				)}
			</Pane>
			<Pane
				title={selected ? cleanText(selected.id) : 'Preview'}
				right={count > detail.rows - 2 ? `${Math.round((100 * top) / (count - detail.rows + 2))} %` : ''}
				size={detail}
				look={look}
				isFocused={half === 'preview'}
			>
				<Rows rows={rows} columns={detail.columns - 2} look={look} />
			</Pane>
		</Box>
	);
};

const titleOf = (state: CockpitState): string => {
	const {filter, category} = state.pages.workflows.templates;
	const where = category ? `Templates: ${templateCategories[category]}` : 'Templates';
	return filter === '' ? where : `${where} / ${cleanText(filter)}`;
};

const emptyWordsOf = (state: CockpitState, isEmpty: boolean): string | undefined =>
	isEmpty || state.fetched.templates?.failure
		? resourceWordsOf(state.fetched.templates, 'No template fits.', isEmpty)
		: undefined;

interface ListProps {
	readonly items: readonly TemplateView[];
	readonly selected: TemplateView;
	readonly isFocused: boolean;
	/** Inside the border. */
	readonly columns: number;
	readonly rows: number;
	readonly look: Look;
}

/** As with workflows: ink-select-input draws, and does not listen. */
const TemplateList = ({items, selected, isFocused, columns, rows, look}: ListProps) => {
	const indicator = useMemo(() => indicatorOf(look, isFocused), [look, isFocused]);
	const first = Math.max(0, firstShownOf(items.length, items.indexOf(selected), rows));
	const shown = items.slice(first, first + rows);
	const options = shown.map(item => ({value: item.id, label: item.id, item, columns: columns - 1, isFocused, look}));
	return (
		<SelectInput
			key={[selected.id, ...shown.map(({id}) => id)].join('\0')}
			items={options}
			initialIndex={shown.indexOf(selected)}
			isFocused={false}
			indicatorComponent={indicator}
			itemComponent={Item as FC<ItemProps>}
		/>
	);
};

interface TemplateItemProps extends ItemProps {
	readonly item: TemplateView;
	readonly columns: number;
	readonly isFocused: boolean;
	readonly look: Look;
}

const Item = ({item, columns, look, isSelected, isFocused}: TemplateItemProps) => (
	<Line
		row={templateRowOf(item, columns, look)}
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
