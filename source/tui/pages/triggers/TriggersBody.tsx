import {Box} from 'ink';
import {keyOf} from '../../keys/remap.ts';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {hiddenBelow, TableRows} from '../../parts/TableRows.tsx';
import {resourceWordsOf} from '../../rows/resource.ts';
import {type CockpitState, placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import type {BodyProps} from '../bodies.ts';
import {WorkflowPane} from '../workflows/source/WorkflowPane.tsx';
import {TrustPane} from '../workflows/trust/TrustPane.tsx';
import {triggerDetailRowsOf} from './details.ts';
import {noticeRowsOf} from './notices.ts';
import {triggerRowOf, triggerTitlesOf} from './rows.ts';
import {selectedTriggerOf, triggerItemsOf} from './select.ts';

/** Above what starts runs by itself and what keeps it from that, below all that is known of the one under the cursor. */
export const TriggersBody = ({state, look, size}: BodyProps) => {
	const {dialog} = state;
	if (dialog?.kind === 'workflow') return <WorkflowPane state={state} dialog={dialog} look={look} size={size} />;
	if (dialog?.kind === 'trust') return <TrustPane state={state} look={look} size={size} />;
	const notices = noticeRowsOf(state, size.columns - 2, Math.max(2, Math.floor(size.rows / 5)), look);
	const wanted = notices.length + triggerItemsOf(state).length + 3;
	const rows = Math.min(Math.max(5, wanted), Math.max(6, Math.floor(size.rows / 2)));
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Triggers state={state} look={look} size={{columns: size.columns, rows}} notices={notices} />
			<Details state={state} look={look} size={{columns: size.columns, rows: size.rows - rows}} />
		</Box>
	);
};

const Triggers = ({state, look, size, notices}: BodyProps & {readonly notices: readonly Row[]}) => {
	const columns = size.columns - 2;
	const items = triggerItemsOf(state);
	const list = {items, selected: selectedTriggerOf(state), idOf, rows: size.rows - 3 - notices.length};
	const hidden = hiddenBelow(list);
	const isFocused = placeOf(state) === 'triggers';
	return (
		<Pane
			title="Triggers"
			right={hidden > 0 ? `${hidden} more, j` : `${items.length}`}
			size={size}
			look={look}
			isFocused={isFocused}
		>
			<Rows rows={notices} columns={columns} look={look} />
			<TableRows
				{...list}
				titles={triggerTitlesOf(columns - 1, look)}
				rowOf={item => triggerRowOf(item, state, columns - 1, look)}
				words={wordsOf(state, items.length === 0)}
				isFocused={isFocused}
				columns={columns}
				look={look}
			/>
		</Pane>
	);
};

const idOf = ({id}: {readonly id: string}): string => id;

const Details = ({state, look, size}: BodyProps) => {
	const selected = selectedTriggerOf(state);
	const columns = size.columns - 2;
	const all = selected ? triggerDetailRowsOf(selected, state, columns, look) : [];
	const rowsMax = size.rows - 2;
	const left = all.length - rowsMax + 1;
	const more: Row = [span(` ${left} more rows; ${keyOf('show-workflow', state)} shows the file`, 'muted')];
	return (
		<Pane title={selected ? cleanText(`${selected.workflow} on ${selected.kind}`) : 'Trigger'} size={size} look={look}>
			<Rows rows={all.length <= rowsMax ? all : [...all.slice(0, rowsMax - 1), more]} columns={columns} look={look} />
		</Pane>
	);
};

const wordsOf = ({fetched}: CockpitState, isEmpty: boolean): string | undefined =>
	resourceWordsOf(fetched.triggers, '', false) ?? resourceWordsOf(fetched.workflows, noneWords, isEmpty);

const noneWords =
	'No workflow of this workspace declares a trigger under `on:`: runs are started by people and scripts.';
