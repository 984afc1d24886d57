import type {DeliveryView} from '../../../api/messages.ts';
import {deliverySource} from '../../../cli/delivery-words.ts';
import type {CockpitState} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {shortPathOf} from '../../text/short-path.ts';
import {fitText, wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {dayTimeWords} from '../../times.ts';

/** `✗ example.com  deploy/notify  given up, 12 tries  503 webhook.refused` */
export const deliveryRowOf = (delivery: DeliveryView, {nowMs}: CockpitState, columns: number, {glyphs}: Look): Row => {
	const isDead = delivery.status === 'dead';
	const to = delivery.to.replace(/^https?:\/\//, '');
	const cells = [to, deliverySource(delivery), stateWordsOf(delivery, nowMs), reasonOf(delivery)];
	return [
		span(`${glyphs.status[isDead ? 'failed' : 'sleeping']} `, isDead ? 'failed' : 'waiting'),
		...columnsOf(columns).map((width, index) =>
			span(`${fitText(cleanText(cells[index]!), width - 1, glyphs.ellipsis)} `, styles[index]),
		),
	];
};

const styles = [undefined, 'key', undefined, 'muted'] as const;

/** The titles of `deliveryRowOf`. */
export const deliveryTitlesOf = (columns: number, {glyphs}: Look): Row => [
	span('  '),
	...columnsOf(columns).map((width, index) =>
		span(`${fitText(['to', 'of', 'state', 'last failure'][index]!, width - 1, glyphs.ellipsis)} `, 'muted'),
	),
];

/** `try 3 of 12 at 14:02` */
const stateWordsOf = ({status, tries, triesMax, nextAt}: DeliveryView, nowMs: number): string => {
	if (status === 'dead') return `given up, ${tries} ${tries === 1 ? 'try' : 'tries'}`;
	return `try ${tries + 1} of ${triesMax}${nextAt === null ? '' : ` at ${dayTimeWords(Date.parse(nextAt), nowMs)}`}`;
};

const reasonOf = ({failure, httpStatus}: DeliveryView): string =>
	failure ? `${httpStatus === null ? '' : `${httpStatus} `}${failure.code}` : '';

/** Width of each, the space after it included: to, of, state, last failure. */
const columnsOf = (columns: number): readonly number[] => {
	const state = 23;
	const left = Math.max(6, columns - 2 - state);
	const to = Math.max(2, Math.floor(left * 0.4));
	const of = Math.max(2, Math.floor(left * 0.27));
	return [to, of, state, Math.max(2, left - to - of)];
};

/** All that is known of one, besides what it says. */
export const deliveryDetailRowsOf = (delivery: DeliveryView, state: CockpitState, columns: number): Row[] => {
	const {id, to, runId, workspace, queuedAt, nextAt, expiresAt, settledAt, tries, triesMax, replays, failure} =
		delivery;
	const at = (iso: string) => dayTimeWords(Date.parse(iso), state.nowMs);
	const isDead = delivery.status === 'dead';
	const facts: readonly (readonly [string, string | undefined])[] = [
		['to', to],
		['id', id],
		['of', `${deliverySource(delivery)}, run ${runId}, in ${shortPathOf(workspace, state.home)}`],
		[
			'tries',
			`${tries} of ${triesMax}${replays === 0 ? '' : `, after ${replays === 1 ? 'one replay' : `${replays} replays`}`}`,
		],
		['queued', at(queuedAt)],
		isDead
			? ['given up', settledAt === null ? undefined : at(settledAt)]
			: ['next try', nextAt === null ? undefined : at(nextAt)],
		['expires', isDead ? undefined : at(expiresAt)],
		['last answer', delivery.httpStatus === null ? undefined : String(delivery.httpStatus)],
		['last failure', failure ? `${failure.code}: ${failure.message}` : undefined],
		['to mend it', failure?.suggestion],
	];
	return facts.flatMap(([name, words]) =>
		words === undefined
			? []
			: wrap(cleanText(words), columns - 16).map(
					(text, index): Row => [
						span(` ${(index === 0 ? name : '').padEnd(13)} `, 'muted'),
						span(text, name === 'last failure' ? 'failed' : undefined),
					],
				),
	);
};
