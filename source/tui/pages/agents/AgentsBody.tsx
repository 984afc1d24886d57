import {Box} from 'ink';
import {Line} from '../../parts/Line.tsx';
import {Pane} from '../../parts/Pane.tsx';
import {firstShownOf} from '../../parts/windows.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {span} from '../../text/row.ts';
import type {BodyProps} from '../bodies.ts';
import {activityOf} from './activity.ts';
import {agentDetailRowsOf} from './details.ts';
import {agentRowOf, agentTitlesOf} from './rows.ts';
import {agentsOf, selectedAgentOf} from './select.ts';

/** Above the agents, below all that is known of the one under the cursor. */
export const AgentsBody = ({state, look, size}: BodyProps) => {
	const wanted = agentsOf(state).length + 3;
	const rows = Math.min(Math.max(4, wanted), Math.max(5, Math.floor(size.rows / 2)));
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Agents state={state} look={look} size={{columns: size.columns, rows}} />
			<Details state={state} look={look} size={{columns: size.columns, rows: size.rows - rows}} />
		</Box>
	);
};

const Agents = ({state, look, size}: BodyProps) => {
	const agents = agentsOf(state);
	const selected = selectedAgentOf(state);
	const columns = size.columns - 2;
	const rows = size.rows - 3;
	const first = firstShownOf(agents.length, selected ? agents.indexOf(selected) : 0, rows);
	const hidden = agents.length - first - rows;
	const words = resourceWordsOf(state.fetched.agents, 'No agents are known here.', agents.length === 0);
	const today = state.fetched.todayByAgent?.value;
	return (
		<Pane
			title="Agents"
			right={hidden > 0 ? `${hidden} more, j` : ''}
			size={size}
			look={look}
			isFocused={placeOf(state) === 'agents'}
		>
			{words ? (
				<Line row={[span(` ${words}`)]} columns={columns} look={look} />
			) : (
				<Line row={[span(' '), ...agentTitlesOf(columns - 1, look)]} columns={columns} look={look} />
			)}
			{agents.slice(first, first + rows).map(agent => {
				const options = {columns: columns - 1, look, nowMs: state.nowMs, activity: activityOf(state, agent.id), today};
				return (
					<Line
						key={agent.id}
						row={[span(agent === selected ? look.glyphs.cursor : ' '), ...agentRowOf(agent, options)]}
						columns={columns}
						look={look}
						selection={agent === selected ? 'here' : undefined}
					/>
				);
			})}
		</Pane>
	);
};

const Details = ({state, look, size}: BodyProps) => {
	const agent = selectedAgentOf(state);
	const columns = size.columns - 2;
	const options = {columns, rows: size.rows - 2, look, nowMs: state.nowMs};
	const rows = agent ? agentDetailRowsOf(agent, activityOf(state, agent.id), options) : [];
	return (
		<Pane title={agent ? cleanText(agent.id) : 'Agent'} size={size} look={look}>
			{rows.map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={row} columns={columns} look={look} />
			))}
		</Pane>
	);
};
