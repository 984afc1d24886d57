import {expect, test} from 'vitest';
import {cockpitLimits} from '../../../source/tui/limits.ts';
import {trustWordsOf} from '../../../source/tui/rows/waiting.ts';
import {shownAttentionOf} from '../../../source/tui/select.ts';
import {type CockpitState, placeOf} from '../../../source/tui/state.ts';
import {playBusy} from './scenes.ts';
import {createScriptedDaemon} from './scripted-daemon.ts';
import {fetchedWith, later, noonMs, pressAll, stateOf, withDeliveries} from './states.ts';

const untrusted = {isTrusted: false, files: ['.aiworkflow/tools/issues.yaml'], triggerProblems: []};
const waiting = (state: CockpitState) => fetchedWith(withDeliveries(state), {workspace: untrusted});
const kindsOf = (state: CockpitState) => shownAttentionOf(state).map(({kind}) => kind);
const quiet = async () => waiting(await stateOf(createScriptedDaemon(noonMs), 120, 35));

test('files that wait for trust come after questions, dead letters last', async () => {
	const state = waiting(await stateOf(playBusy(noonMs)));
	expect(kindsOf(state)).toEqual(['approval', 'approval', 'trust', 'failed', 'dead-letters']);
	expect(kindsOf({...state, filter: 'deploy'})).toEqual(['failed']);
	const trusted = fetchedWith(state, {workspace: {...untrusted, isTrusted: true}, deadWebhooks: []});
	expect(kindsOf(trusted)).toEqual(['approval', 'approval', 'failed']);
});

test('the key that answers asks about trust where nothing else waits, and comes back home', async () => {
	const asked = pressAll(await quiet(), 'a').state;
	expect(placeOf(asked)).toBe('trust');
	expect(pressAll(asked, 'y').effects).toEqual([]);
	const armed = later(asked, cockpitLimits.armMs);
	const {state, effects} = pressAll(armed, 'y');
	expect([placeOf(state), effects]).toEqual(['runs', [{kind: 'trust', workspace: '/src/shop'}]]);
	expect(pressAll(armed, 'n').effects).toEqual([]);
	expect(pressAll({...armed, isReadOnly: true}, 'y').state.notice?.text).toBe('This cockpit is read-only.');
});

test('a question of a run is answered before trust is', async () => {
	const state = waiting(await stateOf(playBusy(noonMs)));
	expect(placeOf(pressAll(state, 'a').state)).toBe('approval');
	expect(placeOf(pressAll(state, 'shift-tab', 'j', 'j', 'a').state)).toBe('trust');
});

test('enter on dead letters shows them; neither they nor trust can be put aside', async () => {
	const state = pressAll(await quiet(), 'shift-tab', 'G').state;
	expect(placeOf(pressAll(state, 'enter').state)).toBe('outbox');
	expect(pressAll(state, 'z').state.notice?.text).toContain('has to be answered or mended');
	expect(pressAll(state, 'k', 'y').effects).toMatchObject([{kind: 'copy', text: '.aiworkflow/tools/issues.yaml\n'}]);
});

test('what waits for trust is said in words', () => {
	expect(
		trustWordsOf([
			'.aiworkflow/agents.yaml',
			'.aiworkflow/tools/a.yaml',
			'.aiworkflow/workflows/site/tools/b.yaml',
			'.aiworkflow/workflows/nightly.md',
		]),
	).toBe('This workspace waits for trust: 2 files of tools, 1 of workflows that start themselves, agents.yaml');
});
