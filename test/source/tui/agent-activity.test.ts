import {expect, test} from 'vitest';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {activityOf} from '../../../source/tui/pages/agents/activity.ts';
import {playMoney} from './scenes.ts';
import {later, noonMs, stateOf} from './states.ts';

test('what agents did is folded from the runs: what runs, what ended how, why, and who took over', async () => {
	const state = await stateOf(playMoney(noonMs));
	expect(activityOf(state, 'claude')).toMatchObject({
		...{running: 1, ended: 2, completed: 0, meanMs: undefined},
		failures: [
			{code: 'agent.rate-limited', where: 'fix-issue 43 / plan'},
			{code: 'agent.rate-limited', where: 'docs 31 / write'},
		],
		switches: [{from: 'claude', to: 'codex', reason: 'rate-limited', where: 'fix-issue 43 / plan'}],
	});
	expect(activityOf(state, 'codex')).toMatchObject({
		...{running: 0, ended: 1, completed: 1, meanMs: 100_000, failures: []},
		switches: [{from: 'claude', to: 'codex'}],
	});
	expect(activityOf(state, 'gemini').ended).toBe(0);
});

test('what is older than some days does not count, but what runs does', async () => {
	const state = later(await stateOf(playMoney(noonMs)), 2 * cockpitLimits.agentAttemptsMs);
	expect(activityOf(state, 'claude')).toMatchObject({running: 1, ended: 0, failures: [], switches: []});
});
