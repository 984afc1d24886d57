import {Box} from 'ink';
import {Line} from '../../parts/Line.tsx';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {firstShownOf} from '../../parts/windows.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
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
	const tools = toolsOf(state);
	const selected = selectedToolOf(state);
	const columns = size.columns - 2;
	const rows = size.rows - 3;
	const first = firstShownOf(tools.length, selected ? tools.indexOf(selected) : 0, rows);
	const hidden = tools.length - first - rows;
	const words = resourceWordsOf(state.fetched.tools, noneWords, tools.length === 0);
	const isFocused = placeOf(state) === 'tools' && state.pages.tools.half === 'list';
	if (words !== undefined)
		return (
			<Pane title="Tools" size={size} look={look} isFocused={isFocused}>
				<Rows
					rows={wrap(words, columns - 2)
						.slice(0, size.rows - 2)
						.map(text => [span(` ${text}`)])}
					columns={columns}
					look={look}
				/>
			</Pane>
		);
	return (
		<Pane
			title="Tools"
			right={hidden > 0 ? `${hidden} more, j` : `${tools.length}`}
			size={size}
			look={look}
			isFocused={isFocused}
		>
			<Line row={[span(' '), ...toolTitlesOf(columns - 1, look)]} columns={columns} look={look} />
			{tools.slice(first, first + rows).map(tool => (
				<Line
					key={tool.file}
					row={[span(tool === selected ? look.glyphs.cursor : ' '), ...toolRowOf(tool, columns - 1, look, state.nowMs)]}
					columns={columns}
					look={look}
					selection={tool === selected ? (isFocused ? 'here' : 'elsewhere') : undefined}
				/>
			))}
		</Pane>
	);
};

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
