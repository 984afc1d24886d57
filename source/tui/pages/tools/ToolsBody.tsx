import {Box} from 'ink';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {hiddenBelow, TableRows} from '../../parts/TableRows.tsx';
import {resourceWordsOf} from '../../rows/resource.ts';
import {placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import type {BodyProps} from '../bodies.ts';
import {TrustPane} from '../workflows/trust/TrustPane.tsx';
import {toolDetailRowsOf} from './details.ts';
import {toolListRowsOf} from './page.ts';
import {toolRowOf, toolTitlesOf} from './rows.ts';
import {selectedToolOf, toolsOf} from './select.ts';

/** Above the tools of the workspace, below all that is known of the one under the cursor. */
export const ToolsBody = ({state, look, size}: BodyProps) => {
	if (state.dialog?.kind === 'trust') return <TrustPane state={state} look={look} size={size} />;
	const rows = toolListRowsOf(state, size);
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Tools state={state} look={look} size={{columns: size.columns, rows}} />
			<Details state={state} look={look} size={{columns: size.columns, rows: size.rows - rows}} />
		</Box>
	);
};

const Tools = ({state, look, size}: BodyProps) => {
	const columns = size.columns - 2;
	const items = toolsOf(state);
	const list = {items, selected: selectedToolOf(state), idOf: fileOf, rows: size.rows - 3};
	const hidden = hiddenBelow(list);
	const words = resourceWordsOf(state.fetched.tools, noneWords, items.length === 0);
	const count = hidden > 0 ? `${hidden} more, j` : `${items.length}`;
	const isFocused = placeOf(state) === 'tools' && state.pages.tools.half === 'list';
	return (
		<Pane title="Tools" right={words === undefined ? count : ''} size={size} look={look} isFocused={isFocused}>
			<TableRows
				{...list}
				titles={toolTitlesOf(columns - 1, look)}
				rowOf={tool => toolRowOf(tool, columns - 1, look, state.nowMs)}
				words={words}
				isFocused={isFocused}
				isMarkKept
				columns={columns}
				look={look}
			/>
		</Pane>
	);
};

const fileOf = ({file}: {readonly file: string}): string => file;

const noneWords = 'This workspace has no tools: each is a file in `.aiworkflow/tools/`, see docs/tools.md.';

const Details = ({state, look, size}: BodyProps) => {
	const tool = selectedToolOf(state);
	const columns = size.columns - 2;
	const all = toolDetailRowsOf(state, columns, look);
	const {half, scroll} = state.pages.tools;
	const rows = size.rows - 2;
	const first = Math.max(0, Math.min(scroll, all.length - rows));
	const left = all.length - first - rows;
	return (
		<Pane
			title={tool ? cleanText(tool.name) : 'Tool'}
			right={left > 0 ? `${left} more rows${half === 'list' ? ', tab' : ''}` : ''}
			size={size}
			look={look}
			isFocused={placeOf(state) === 'tools' && half === 'details'}
		>
			<Rows rows={all.slice(first, first + rows)} columns={columns} look={look} />
		</Pane>
	);
};
