import {expect, test} from 'vitest';
import {
	fileToShowOf,
	pickerItemsOf,
	shownFileOf,
	shownWorkflowOf,
} from '../../../../source/tui/pages/workflows/select.ts';
import {planRowsOf, sourceRowsOf} from '../../../../source/tui/pages/workflows/source/rows.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {playBusy} from '../scenes.ts';
import {createScriptedDaemon} from '../scripted-daemon.ts';
import {fixIssueFile, nightlyFile, scriptedFile} from '../scripted-workflows.ts';
import {noonMs, pressAll, stateOf, withWorkflows} from '../states.ts';

const opened = async () => withWorkflows(pressAll(await stateOf(playBusy(noonMs)), '4').state, fixIssueFile);
const textOf = (rows: readonly (readonly {readonly text: string}[])[]) =>
	rows.map(row => row.map(({text}) => text).join('')).join('\n');

test('what ran last comes first, then the others by name; also what ran from elsewhere in the workspace', async () => {
	expect(pickerItemsOf(await opened()).map(({name}) => name)).toEqual([
		...['fix-issue', 'nightly-audit', 'release', 'deploy', 'standup'],
		...['audit', 'nightly'],
	]);
});

test('what another workspace or a workflow itself started is not offered', async () => {
	const daemon = createScriptedDaemon(noonMs);
	daemon.createRun('r-1', {workflow: 'site', workspace: '/src/site', steps: [{id: 'a'}]});
	daemon.createRun('r-2', {workflow: 'part', parent: {runId: 'r-1', stepId: 'a'}, steps: [{id: 'a'}]});
	expect(pickerItemsOf(pressAll(await stateOf(daemon), '4').state)).toEqual([]);
});

test('the filter fits names, descriptions and files', async () => {
	const state = pressAll(await opened(), '/', ...'rots', 'enter').state;
	expect(pickerItemsOf(state).map(({name}) => name)).toEqual(['audit']);
	expect(pressAll(state, '/', 'esc').state.pages.workflows.filter).toBe('');
});

test('the file under the cursor is the one that is read', async () => {
	const state = await opened();
	expect(shownFileOf(state)).toBe(fixIssueFile);
	const moved = pressAll(state, 'G').state;
	expect(shownFileOf(moved)).toBe(nightlyFile);
	expect(shownWorkflowOf(moved)).toBeUndefined();
});

test('the file of a run opens over the runs, with the version it runs by, and closes back to them', async () => {
	const home = await stateOf(playBusy(noonMs));
	const state = pressAll(home, 'W').state;
	expect(fileToShowOf(home)).toBe(fixIssueFile);
	expect(state.dialog).toMatchObject({kind: 'workflow', from: 'home', runHash: 'h'});
	expect(pressAll(state, 'esc').state).toMatchObject({screen: 'home', dialog: undefined});
});

test('the source keeps the numbers of its lines where it wraps, and knows fences from headings', () => {
	const view = scriptedFile(fixIssueFile);
	const rows = sourceRowsOf(view, 60);
	expect(rows.filter(({line}) => line === 15).length).toBeGreaterThan(1);
	const styleOf = (line: number) => rows.find(row => row.line === line)?.style;
	expect([styleOf(14), styleOf(22), styleOf(21)]).toEqual(['strong', 'text', 'muted']);
	expect(textOf(planRowsOf(view, 60, lookOf({})))).toContain('17:1 warning: `agentt`');
	expect(textOf(planRowsOf(scriptedFile(nightlyFile), 60, lookOf({})))).toContain('✗ It cannot be run: one problem.');
});

test('the source scrolls within its bounds, each half by itself', async () => {
	const state = withWorkflows(pressAll(await opened(), 'w').state, fixIssueFile);
	const small = {...state, size: {columns: 100, rows: 14}};
	const end = pressAll(small, 'G').state;
	expect(end.dialog).toMatchObject({half: 'source', scrolls: {plan: 0}});
	expect(pressAll(end, 'j').state.dialog).toEqual(end.dialog);
	expect(pressAll(end, 'g').state.dialog).toMatchObject({scrolls: {source: 0}});
	expect(pressAll(small, 'n').state.dialog).toMatchObject({scrolls: {source: expect.any(Number)}});
});
