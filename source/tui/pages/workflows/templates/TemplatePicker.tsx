import {Box} from 'ink';
import {templateCategories} from '../../../../templates/definition.ts';
import {Line} from '../../../parts/Line.tsx';
import {Pane} from '../../../parts/Pane.tsx';
import {Rows} from '../../../parts/Rows.tsx';
import {SelectList} from '../../../parts/SelectList.tsx';
import {resourceWordsOf} from '../../../rows/resource.ts';
import type {CockpitState} from '../../../state.ts';
import {cleanText} from '../../../text/clean.ts';
import {span} from '../../../text/row.ts';
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
					<SelectList
						items={items}
						selected={selected}
						idOf={({id}) => id}
						rowOf={templateRowOf}
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
