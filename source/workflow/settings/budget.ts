import {alertAtDefault, type BudgetSettings, budgetPeriods} from '../budget.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {numberOf, readChoice, wrong} from './read-value.ts';

const amounts = ['usd', 'tokens', 'requests', 'credits', 'minutes'] as const;
export const budgetKeys = [...amounts, 'period', 'on-exceed', 'on-unknown-cost', 'alert-at'] as const;
const example = 'Write `budget: { usd: 2.00, on-exceed: pause }`.';

/** Reads `budget:`, a number of dollars, a mapping, or a list of mappings. */
export const readBudgets = (
	report: Report,
	{key, keyStart, value}: YamlEntry,
	where: 'workflow' | 'step',
): readonly BudgetSettings[] | undefined => {
	if (value.kind === 'broken') return undefined;
	const nodes = value.kind === 'list' ? value.items : [value];
	const budgets = nodes.map(node => readBudget(report, {key, keyStart, value: node}, where));
	return budgets.every(budget => budget !== undefined) ? budgets : undefined;
};

export const readBudget = (
	report: Report,
	{key, keyStart, value}: Pick<YamlEntry, 'key' | 'keyStart' | 'value'>,
	where: 'workflow' | 'step' | 'workspace',
): BudgetSettings | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && typeof value.value === 'number') {
		const microUsd = microUsdOf(value.value);
		return microUsd === undefined ? wrong(report, key, value, 'an amount above 0', example) : {...defaults, microUsd};
	}

	if (value.kind !== 'map') return wrong(report, key, value, 'a mapping', example);
	const entries = readKeys(report, value, budgetKeys, [], '`budget`');
	const amount = (name: (typeof amounts)[number]) => {
		const entry = entries.get(name);
		return entry && readAmount(report, entry);
	};
	const usd = amount('usd');
	if (!amounts.some(name => entries.has(name)))
		report.error('key.missing', keyStart, `\`${key}\` does not say how much.`, example);
	const period = entries.get('period');
	if (period && where === 'step')
		report.error(
			'key.misplaced',
			period.keyStart,
			'The budget of a step is of one run, so it has no `period`.',
			'Remove it.',
		);
	const minutes = entries.get('minutes');
	if (period && minutes)
		report.error(
			'key.misplaced',
			minutes.keyStart,
			'`minutes` are counted in one run, so they have no `period`.',
			'Remove one of the two.',
		);
	const onExceed = entries.get('on-exceed');
	const onUnknownCost = entries.get('on-unknown-cost');
	const alertAt = entries.get('alert-at');
	return {
		...(usd !== undefined && {microUsd: Math.round(usd * 1_000_000)}),
		...withValue('tokens', amount('tokens')),
		...withValue('requests', amount('requests')),
		...withValue('credits', amount('credits')),
		...withValue('minutes', amount('minutes')),
		...withValue('period', period && readChoice(report, period, budgetPeriods)),
		onExceed: (onExceed && readChoice(report, onExceed, ['pause', 'downgrade', 'stop'])) ?? defaults.onExceed,
		onUnknownCost:
			(onUnknownCost && readChoice(report, onUnknownCost, ['ask', 'allow', 'stop'])) ?? defaults.onUnknownCost,
		alertAt: (alertAt && readShares(report, alertAt)) ?? alertAtDefault,
	};
};

const defaults = {onExceed: 'pause', onUnknownCost: 'ask', alertAt: alertAtDefault} as const;

const withValue = <K extends string, V>(key: K, value: V | undefined) =>
	(value === undefined ? {} : {[key]: value}) as {[P in K]?: V};

const microUsdOf = (usd: number): number | undefined =>
	Number.isFinite(usd) && Math.round(usd * 1_000_000) > 0 ? Math.round(usd * 1_000_000) : undefined;

const readAmount = (report: Report, {key, value}: YamlEntry): number | undefined => {
	if (value.kind === 'broken') return undefined;
	const number = value.kind === 'scalar' ? numberOf(value) : undefined;
	if (number !== undefined && Number.isFinite(number) && number > 0) return number;
	return wrong(report, key, value, 'a number above 0', `Write \`${key}: ${key === 'usd' ? '2.00' : '100'}\`.`);
};

/** `80%`, `0.8`, or a list of them. */
const readShares = (report: Report, {key, value}: YamlEntry): readonly number[] | undefined => {
	if (value.kind === 'broken') return undefined;
	const shares: number[] = [];
	for (const node of value.kind === 'list' ? value.items : [value]) {
		if (node.kind === 'broken') return undefined;
		const match = node.kind === 'scalar' ? /^(\d+(?:\.\d+)?)(%?)$/.exec(node.text.trim()) : null;
		const share = match ? Number(match[1]) / (match[2] ? 100 : 1) : Number.NaN;
		if (!(share > 0 && share <= 1))
			return wrong(report, key, node, 'a share such as `80%`, or a list of them', `Write \`${key}: [50%, 80%]\`.`);
		shares.push(share);
	}

	return shares.toSorted((a, b) => a - b);
};
