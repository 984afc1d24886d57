import {describe, expect, test} from 'vitest';
import {unicodeGlyphs} from '../../../source/tui/glyphs.ts';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {burnOf, burnWords, daysOf, hoursOf, limitUseOf, tightestOfToday} from '../../../source/tui/spend.ts';
import {nextTickAtMs} from '../../../source/tui/store/clock.ts';
import {meterOf, sparklineOf} from '../../../source/tui/text/sparkline.ts';
import {troublesOf} from '../../../source/tui/troubles.ts';
import {limitOf, spentDay, summaryOf, troubleOf} from './money-scene.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {fetchedWith, later, noonMs, stateOf} from './states.ts';

process.env.TZ = 'UTC';

const row = (name: string, knownCostUsd: number, unknown = 0) => ({
	...{name, knownCostUsd, unknown, costUsd: unknown ? null : knownCostUsd},
	...{inputTokens: 0, outputTokens: 0, requests: 1},
});
const idle = async () => stateOf(createScriptedDaemon(noonMs));
const spent = async (...rows: ReturnType<typeof row>[]) =>
	fetchedWith(await idle(), {recent: summaryOf('minute', ...rows)});

describe('the burn rate', () => {
	test('is what was spent in the last minutes, and is not there while nothing is', async () => {
		expect(burnOf(await idle())).toBeUndefined();
		// The minute that goes on is 11 s old, four whole ones come before it.
		const burn = burnOf(await spent(row('2026-11-20T13:58', 0.251), row('2026-11-20T14:02', 0.251)))!;
		expect(burnWords(burn)).toBe('$0.12/min');
		expect(burnOf(await spent(row('2026-11-20T13:57', 5)))).toBeUndefined();
	});

	test('says that some of it is unknown, and never takes that for nothing', async () => {
		expect(burnWords(burnOf(await spent(row('2026-11-20T14:02', 1, 1)))!)).toBe('$0.24+?/min');
		expect(burnWords(burnOf(await spent(row('2026-11-20T14:02', 0, 2)))!)).toBe('$?/min');
	});

	test('ticks once, when it fades, and then never again', async () => {
		const state = await spent(row('2026-11-20T14:01', 1));
		const fadesAtMs = Date.UTC(2026, 10, 20, 14, 6);
		expect(nextTickAtMs(state)).toBe(fadesAtMs);
		const after = later(state, fadesAtMs - noonMs);
		expect([burnOf(after), nextTickAtMs(after)]).toEqual([undefined, undefined]);
		expect(cockpitLimits.burnWindowMs).toBe(5 * 60_000);
	});
});

test('hours and days in which nothing was spent are nothing, not left out', () => {
	const {today} = spentDay();
	expect(hoursOf(today, noonMs)).toHaveLength(15);
	expect(hoursOf(today, noonMs).slice(9, 11)).toEqual([400_000, 620_000]);
	const days = summaryOf('day', row('2026-11-17', 1), row('2026-11-19', 2));
	expect(daysOf(days, 0, noonMs)).toEqual([1e6, 0, 2e6, 0]);
	expect(daysOf(undefined, 0, noonMs)).toEqual([]);
});

test('a sparkline shows something as something; a meter is full at its limit and not before', () => {
	expect(sparklineOf([0, 1, 50, 100], unicodeGlyphs)).toBe('▁▂▅█');
	expect(sparklineOf([0, 0], unicodeGlyphs)).toBe('');
	expect(meterOf(0, 4, unicodeGlyphs)).toBe('····');
	expect(meterOf(0.001, 4, unicodeGlyphs)).toBe('█···');
	expect(meterOf(0.99, 4, unicodeGlyphs)).toBe('███·');
	expect(meterOf(3, 4, unicodeGlyphs)).toBe('████');
});

test('a limit is shown in the unit that it is used most in', () => {
	expect(limitUseOf(limitOf()).words).toBe('$1.84+? / $20.00');
	const both = limitOf({tokens: 1_000_000, spentTokens: 940_000});
	expect(limitUseOf(both)).toEqual({share: 0.94, words: '940k / 1.0M tokens'});
});

test('the tightest limit of today is the one in money that is used most', () => {
	const claude = limitOf({scope: 'agent', name: 'claude', usd: 2, spentUsd: 1.4});
	const week = limitOf({period: 'week', usd: 2, spentUsd: 2});
	expect(tightestOfToday([limitOf(), claude, week])).toBe(claude);
	expect(tightestOfToday([week])).toBeUndefined();
});

test('an agent whose rest is over is no trouble any more, and the screen is painted then', async () => {
	const untilMs = noonMs + 60_000;
	const breaker = {state: 'open', failures: 5, untilAt: new Date(untilMs).toISOString()} as const;
	const state = fetchedWith(await idle(), {
		troubles: [troubleOf('codex', {breaker}), troubleOf('mine', {detail: 'gone'})],
	});
	expect(troublesOf(state).map(({agent, words}) => [agent, words])).toEqual([
		['codex', 'open until 14:03'],
		['mine', 'does not work'],
	]);
	expect(nextTickAtMs(state)).toBe(untilMs);
	expect(troublesOf(later(state, 60_000)).map(({agent}) => agent)).toEqual(['mine']);
	expect(nextTickAtMs(later(state, 60_000))).toBeUndefined();
});
