import {Box} from 'ink';
import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {TableRows} from '../../parts/TableRows.tsx';
import {resourceWordsOf} from '../../rows/resource.ts';
import {type CockpitState, placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
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
	const items = deliveriesOf(state);
	const columns = size.columns - 2;
	const isFocused = placeOf(state) === 'outbox';
	return (
		<Pane title="Webhooks to others" right={countWordsOf(state)} size={size} look={look} isFocused={isFocused}>
			<TableRows
				items={items}
				selected={selectedDeliveryOf(state)}
				idOf={({id}) => id}
				titles={deliveryTitlesOf(columns - 1, look)}
				rowOf={each => deliveryRowOf(each, state, columns - 1, look)}
				words={wordsOf(state, items.length === 0)}
				isFocused={isFocused}
				columns={columns}
				rows={size.rows - 3}
				look={look}
			/>
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
