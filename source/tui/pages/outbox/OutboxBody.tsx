import {Box} from 'ink';
import {Line} from '../../parts/Line.tsx';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {firstShownOf} from '../../parts/windows.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {type CockpitState, placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {BodyProps} from '../bodies.ts';
import {deliveryDetailRowsOf, deliveryRowOf, deliveryTitlesOf} from './rows.ts';
import {deliveriesOf, selectedDeliveryOf} from './select.ts';

/** Above webhooks to others that are not delivered, below what is known of the one under the cursor. */
export const OutboxBody = ({state, look, size}: BodyProps) => {
	const wanted = deliveriesOf(state).length + 3;
	const rows = Math.min(Math.max(4, wanted), Math.max(5, Math.floor(size.rows / 2)));
	return (
		<Box flexDirection="column" width={size.columns} height={size.rows} flexShrink={0}>
			<Deliveries state={state} look={look} size={{columns: size.columns, rows}} />
			<Details state={state} look={look} size={{columns: size.columns, rows: size.rows - rows}} />
		</Box>
	);
};

const Deliveries = ({state, look, size}: BodyProps) => {
	const all = deliveriesOf(state);
	const selected = selectedDeliveryOf(state);
	const columns = size.columns - 2;
	const words = wordsOf(state, all.length === 0);
	const rows = size.rows - 3;
	const first = Math.max(0, firstShownOf(all.length, selected ? all.indexOf(selected) : 0, rows));
	const isFocused = placeOf(state) === 'outbox';
	return (
		<Pane title="Webhooks to others" right={countWordsOf(state)} size={size} look={look} isFocused={isFocused}>
			{words === undefined ? (
				<Line row={[span(' '), ...deliveryTitlesOf(columns - 1, look)]} columns={columns} look={look} />
			) : (
				<Rows
					rows={wrap(words, columns - 2)
						.slice(0, rows + 1)
						.map(text => [span(` ${text}`)])}
					columns={columns}
					look={look}
				/>
			)}
			{(words === undefined ? all : []).slice(first, first + rows).map(each => (
				<Line
					key={each.id}
					row={[span(each === selected ? look.glyphs.cursor : ' '), ...deliveryRowOf(each, state, columns - 1, look)]}
					columns={columns}
					look={look}
					selection={each === selected && isFocused ? 'here' : undefined}
				/>
			))}
		</Pane>
	);
};

const Details = ({state, look, size}: BodyProps) => {
	const selected = selectedDeliveryOf(state);
	const columns = size.columns - 2;
	const rows = selected ? deliveryDetailRowsOf(selected, state, columns) : [];
	return (
		<Pane title={selected ? cleanText(selected.to) : 'Webhook'} size={size} look={look}>
			<Rows rows={rows.slice(0, size.rows - 2)} columns={columns} look={look} />
		</Pane>
	);
};

const countWordsOf = (state: CockpitState): string => {
	const all = deliveriesOf(state);
	const dead = all.filter(({status}) => status === 'dead').length;
	return `${dead} given up, ${all.length - dead} waiting`;
};

const wordsOf = ({fetched}: CockpitState, isEmpty: boolean): string | undefined =>
	resourceWordsOf(fetched.deadWebhooks, '', false) ??
	resourceWordsOf(fetched.queuedWebhooks, 'All webhooks to others were delivered, or none was ever sent.', isEmpty);
