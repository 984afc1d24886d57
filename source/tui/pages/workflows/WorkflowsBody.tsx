import {Box} from 'ink';
import {keyOf} from '../../keys/remap.ts';
import {Line} from '../../parts/Line.tsx';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {SelectList} from '../../parts/SelectList.tsx';
import {splitOf} from '../../parts/split.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {type CockpitState, placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {BodyProps} from '../bodies.ts';
import {FormPane} from './form/FormPane.tsx';
import {previewRowsOf} from './preview.ts';
import {pickerRowOf} from './rows.ts';
import {pickerItemsOf, selectedItemOf} from './select.ts';
import {WorkflowPane} from './source/WorkflowPane.tsx';
import {TemplatePicker} from './templates/TemplatePicker.tsx';
import {TrustPane} from './trust/TrustPane.tsx';

export const WorkflowsBody = ({state, look, size}: BodyProps) => {
	const {dialog} = state;
	if (dialog?.kind === 'form') return <FormPane state={state} form={dialog} look={look} size={size} />;
	if (dialog?.kind === 'trust') return <TrustPane state={state} look={look} size={size} />;
	if (dialog?.kind === 'workflow') return <WorkflowPane state={state} dialog={dialog} look={look} size={size} />;
	if (dialog?.kind === 'templates' || dialog?.kind === 'template-filter')
		return <TemplatePicker state={state} look={look} size={size} />;
	return <Picker state={state} look={look} size={size} />;
};

const Picker = ({state, look, size}: BodyProps) => {
	const items = pickerItemsOf(state);
	const selected = selectedItemOf(state);
	const words = emptyWordsOf(state, items.length === 0);
	const {isWide, list, detail} = splitOf(size, Math.max(items.length, words.length, 3));
	const {filter} = state.pages.workflows;
	return (
		<Box flexDirection={isWide ? 'row' : 'column'} flexShrink={0}>
			<Pane
				title={filter === '' ? 'Workflows' : `Workflows / ${cleanText(filter)}`}
				right={`${items.length}`}
				size={list}
				look={look}
				isFocused
			>
				{words.slice(0, list.rows - 2).map(text => (
					<Line key={text} row={[span(` ${text}`)]} columns={list.columns - 2} look={look} />
				))}
				{items.length > 0 && words.length === 0 && (
					<SelectList
						idOf={({file}) => file}
						rowOf={pickerRowOf}
						items={items}
						selected={selected}
						isFocused={placeOf(state) === 'workflows'}
						columns={list.columns - 2}
						rows={list.rows - 2}
						look={look}
					/>
				)}
			</Pane>
			<Pane title={selected ? cleanText(selected.name) : 'Preview'} size={detail} look={look}>
				<Rows
					rows={
						selected
							? cutOf(
									previewRowsOf(state, selected, detail.columns - 2, look),
									detail.rows - 2,
									keyOf('show-workflow', state),
								)
							: []
					}
					columns={detail.columns - 2}
					look={look}
				/>
			</Pane>
		</Box>
	);
};

/** What does not fit is said to be there. */
const cutOf = (rows: readonly Row[], rowsMax: number, key: string): readonly Row[] =>
	rows.length <= rowsMax
		? rows
		: [
				...rows.slice(0, rowsMax - 1),
				[span(` ${rows.length - rowsMax + 1} more rows; ${key} shows the file and its plan`, 'muted')],
			];

const emptyWordsOf = (state: CockpitState, isEmpty: boolean): readonly string[] => {
	const {workflows} = state.fetched;
	const none = state.pages.workflows.filter === '' ? noneWords : 'No workflow fits the filter.';
	// What ran is known without asking.
	const words = isEmpty || workflows?.failure ? resourceWordsOf(workflows, none, isEmpty) : undefined;
	return words === undefined ? [] : wrap(words, splitOf(state.size, 3).list.columns - 4);
};

const noneWords =
	'No workflows here. They live in .aiworkflow/workflows/; `aiworkflow init` makes a first one, and t shows templates.';
