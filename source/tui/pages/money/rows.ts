import type {CostForecast, CostLimitView, CostSummary, CostSummaryRow} from '../../../api/messages.ts';
import type {RunState} from '../../../run/state.ts';
import {budgetOf, isCostUnknown, knownCostOf, openApprovalsOf} from '../../../run/views.ts';
import {formatCost, formatUsd} from '../../../units.ts';
import {runNameOf} from '../../select.ts';
import {costWordsOf, limitUseOf, microUsdOf} from '../../spend.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {shortPathOf} from '../../text/short-path.ts';
import {meterOf} from '../../text/sparkline.ts';
import {fitText} from '../../text/width.ts';
import type {Look, StyleName} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import {type Meter, unpricedOf} from './select.ts';

interface MeterOptions {
	readonly columns: number;
	readonly look: Look;
	readonly nowMs: number;
	readonly home: string;
}

/** `day, agent claude  ████······  $4.20 / $10.00  42 %  resets 00:00` */
export const meterRowOf = (meter: Meter, options: MeterOptions): Row =>
	meter.kind === 'limit' ? limitRowOf(meter.limit, options) : runMeterRowOf(meter.run, meter.forecast, options);

const limitRowOf = (limit: CostLimitView, options: MeterOptions): Row => {
	const {share, words} = limitUseOf(limit);
	return rowOf(limitNameOf(limit, options.home), share, words, limitWords(limit, options.nowMs), options);
};

const limitWords = ({onExceed, resetsAt}: CostLimitView, nowMs: number): string =>
	`resets ${clockWords(Date.parse(resetsAt), nowMs)}, ${exceedWords[onExceed]}`;

const exceedWords: Readonly<Record<CostLimitView['onExceed'], string>> = {
	pause: 'then asks',
	downgrade: 'then a cheaper agent, else asks',
	stop: 'then stops',
};

/** All of what a row of it has no room for. */
export const meterNoteOf = (meter: Meter, {nowMs, home}: Pick<MeterOptions, 'nowMs' | 'home'>): Row => {
	const isLimit = meter.kind === 'limit';
	const name = isLimit ? limitNameOf(meter.limit, home) : cleanText(runNameOf(meter.run));
	const words = isLimit ? limitWords(meter.limit, nowMs) : runWordsOf(meter.run, meter.forecast);
	return [span(` ${name}${words ? `: ${words}` : ''}`, 'muted')];
};

const limitNameOf = ({scope, name, period}: CostLimitView, home: string): string => {
	if (scope === 'global') return `${period}, everything`;
	return `${period}, ${scope === 'workspace' ? shortPathOf(name, home) : `${scope} ${cleanText(name)}`}`;
};

const runMeterRowOf = (run: RunState, forecast: CostForecast | undefined, options: MeterOptions): Row => {
	const budget = budgetOf(run);
	const spent = formatCost(knownCostOf(run), unpricedOf(run));
	const share = budget === undefined ? undefined : budget > 0 ? knownCostOf(run) / budget : 1;
	const amounts = budget === undefined ? spent : `${spent} / ${formatUsd(budget)}`;
	return rowOf(cleanText(runNameOf(run)), share, amounts, runWordsOf(run, forecast), options);
};

const runWordsOf = (run: RunState, forecast: CostForecast | undefined): string => {
	const isAsking = openApprovalsOf(run).some(({kind}) => kind === 'budget');
	const words = [isAsking ? 'asks for more' : run.paused ? 'paused' : '', forecast ? forecastWords(run, forecast) : ''];
	return words.filter(Boolean).join(', ');
};

/** `crosses $2.00 in step 6, ship`, `likely $0.90 in all`, `at least $0.42: plan cannot be told`. */
export const forecastWords = (run: RunState, forecast: CostForecast): string => {
	const {likelyUsd, knownUsd, budgetUsd, crossesIn, unknownSteps} = forecast;
	if (crossesIn !== null && budgetUsd !== null) {
		const number = run.stepOrder.indexOf(crossesIn) + 1;
		return `crosses ${usdWords(budgetUsd)} in step ${number}, ${cleanText(crossesIn)}`;
	}

	if (likelyUsd !== null) return `likely ${usdWords(likelyUsd)} in all`;
	const unknown = unknownSteps.length > 0 ? unknownSteps : run.stepOrder.filter(id => isCostUnknown(run.steps[id]!));
	return `at least ${usdWords(knownUsd)}: ${cleanText(unknown.join(', '))} cannot be told`;
};

const usdWords = (usd: number): string => formatUsd(Math.round(usd * 1_000_000));

const rowOf = (
	name: string,
	share: number | undefined,
	amounts: string,
	words: string,
	{columns, look: {glyphs}}: MeterOptions,
): Row => {
	const isRoomy = columns >= 100;
	const nameColumns = isRoomy ? Math.min(40, Math.floor(columns * 0.25)) : 20;
	const barColumns = isRoomy ? 20 : 8;
	const bar = share === undefined ? ' '.repeat(barColumns) : meterOf(share, barColumns, glyphs);
	const percent = share === undefined ? '' : `${Math.floor(share * 100)} %`;
	return [
		span(`${fitText(name, nameColumns, glyphs.ellipsis)} `),
		span(bar, styleOf(share)),
		span(` ${fitText(amounts, isRoomy ? 22 : 17, glyphs.ellipsis, 'right')}`),
		span(` ${fitText(percent, 6, glyphs.ellipsis, 'right')}`, styleOf(share)),
		span(`  ${words}`, 'muted'),
	];
};

const styleOf = (share = 0): StyleName => (share >= 1 ? 'danger' : share >= 0.8 ? 'alert' : 'completed');

/** The titles of `breakdownRowOf`. */
export const breakdownTitleOf = (by: string, columns: number, look: Look): Row => [
	span(breakdownTextOf([by, 'cost', 'share', 'attempts', 'tokens in', 'tokens out'], columns, look), 'muted'),
];

/** `claude  $0.51  48 %  12  34,000  1,200`; the share is of what is known. */
export const breakdownRowOf = (row: CostSummaryRow, {total, by}: CostSummary, columns: number, look: Look): Row => {
	const known = microUsdOf(total);
	const share = known > 0 ? `${Math.round((microUsdOf(row) / known) * 100)} %` : '';
	const name = row.name === null ? `${by} not named` : cleanText(row.name);
	const {requests, inputTokens, outputTokens} = row;
	const cells = [name, costWordsOf(row), share, ...[requests, inputTokens, outputTokens].map(grouped)];
	return [span(breakdownTextOf(cells, columns, look))];
};

const breakdownTextOf = (cells: readonly string[], columns: number, {glyphs}: Look): string => {
	const widths = [12, 6, 9, 13, 13].filter((_, index) => columns >= 78 || index < 3);
	const nameColumns = Math.min(60, Math.max(8, columns - 2 - widths.reduce((sum, width) => sum + width, 0)));
	const [name = '', ...others] = cells;
	const rest = widths.map((width, index) => fitText(others[index]!, width, glyphs.ellipsis, 'right'));
	return ` ${fitText(name, nameColumns, glyphs.ellipsis)}${rest.join('')}`;
};

const grouped = (count: number): string => String(count).replaceAll(/\B(?=(\d{3})+$)/g, ',');
