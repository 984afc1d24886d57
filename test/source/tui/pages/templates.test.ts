import {existsSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {templateShelf} from '../../../../source/templates/shelf.ts';
import {formOf} from '../../../../source/tui/pages/workflows/form/form.ts';
import {formRowsOf} from '../../../../source/tui/pages/workflows/form/rows.ts';
import {selectedTemplateOf, shownTemplatesOf} from '../../../../source/tui/pages/workflows/templates/select.ts';
import {startSession} from '../../../../source/tui/session/session.ts';
import {type CockpitState, initialState, placeOf} from '../../../../source/tui/state.ts';
import {createStore} from '../../../../source/tui/store/store.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {metadataText, temporaryFolder, workflowText, writeAll} from '../../templates/template-folder.ts';
import {playBusy} from '../scenes.ts';
import {withShelf} from '../scripted-templates.ts';
import {fixIssueFile} from '../scripted-workflows.ts';
import {noonMs, pressAll, stateOf, withWorkflows} from '../states.ts';
import {createTestTimers} from '../test-timers.ts';

const opened = async (change: Partial<CockpitState> = {}) =>
	withShelf(withWorkflows({...pressAll(await stateOf(playBusy(noonMs)), '4').state, ...change}, fixIssueFile));
const idsOf = (state: CockpitState) => shownTemplatesOf(state).map(({id}) => id);

test('templates are filtered by words, and by the categories there are, round and round', async () => {
	const state = await opened();
	expect(idsOf(pressAll(state, '/', ...'weak').state)).toEqual(['security-scan']);
	expect(idsOf(pressAll(state, '/', ...'weak', 'esc').state)).toHaveLength(3);
	const categories = ['c', 'c', 'c'].map((_, index) => idsOf(pressAll(state, ...'c'.repeat(index + 1)).state));
	expect(categories).toEqual([['deployment'], ['security-scan'], ['broken', 'deployment', 'security-scan']]);
});

test('the preview moves when it has the keys, to its end and no further', async () => {
	const state = pressAll(await opened(), 'tab', 'G', 'j').state;
	const {scroll} = state.pages.workflows.templates;
	expect(scroll).toBeGreaterThan(30);
	expect(pressAll(state, 'k').state.pages.workflows.templates.scroll).toBe(scroll - 1);
	expect(selectedTemplateOf(state)?.id).toBe('deployment');
});

test('the form has what the template presets, says mistakes, and sends what was typed', async () => {
	const {state} = pressAll(await opened(), 'enter');
	const form = formOf(state)!;
	expect(form.fields.map(({label, choices}) => [label, choices])).toEqual([
		['name', undefined],
		['environment', ['staging', 'production']],
		['retries', undefined],
		['paths', undefined],
	]);
	expect(Object.values(form.texts)).toEqual(['deployment', 'staging', '', 'src, docs']);
	const wrong = pressAll(state, 'tab', 'space', 'tab', '4', '2', 'ctrl-s');
	expect(wrong.effects).toEqual([]);
	const rows = formRowsOf(wrong.state, formOf(wrong.state)!, 100, lookOf({})).rows.map(row =>
		row.map(({text}) => text).join(''),
	);
	expect(rows.join('\n')).toContain('The variable `retries` must be at most 9; 42 does not fit.');
	expect(rows.join('\n')).toContain('/src/shop/.aiworkflow/workflows/deployment/');
	const right = pressAll(wrong.state, 'backspace', 'ctrl-s');
	expect(right.effects).toEqual([
		{
			kind: 'use-template',
			template: 'deployment',
			given: {name: 'deployment', environment: 'production', retries: '4', paths: 'src, docs'},
		},
	]);
	expect(formOf(right.state)?.isSent).toBe(true);
});

test('one with mistakes is not used, and neither is any in a cockpit that is read-only', async () => {
	const said = (state: CockpitState) => pressAll(state, 'enter').state.notice?.text;
	expect(said(pressAll(await opened(), 'k').state)).toBe('It has mistakes: it cannot be used.');
	expect(said(await opened({isReadOnly: true}))).toBe('This cockpit is read-only.');
});

test('esc leads from the form to the templates, and from there to the workflows', async () => {
	const {state} = pressAll(await opened(), 'enter', 'esc');
	expect([placeOf(state), selectedTemplateOf(state)?.id]).toEqual(['templates', 'deployment']);
	expect(placeOf(pressAll(state, 'esc').state)).toBe('workflows');
});

const ends: (() => void)[] = [];
afterEach(() => {
	for (const end of ends.splice(0)) end();
});

/** A cockpit with the templates of the disk, on a workspace of its own. */
const cockpit = async () => {
	const workspace = temporaryFolder();
	writeAll(path.join(workspace, '.aiworkflow/templates/greet'), {
		'template.yaml': metadataText('', 'greet'),
		'workflow.md': workflowText(),
	});
	const timers = createTestTimers(noonMs);
	const size = {columns: 120, rows: 35};
	const store = createStore(initialState({workspace, version: '0.1.0', size, nowMs: noonMs}), {timers});
	const session = startSession({connect: playBusy(noonMs).connect, store, timers, shelf: templateShelf});
	ends.push(() => {
		session.stop();
		store.stop();
	});
	const press = async (...keys: string[]) => {
		const {state, effects} = pressAll(store.get(), ...keys);
		store.change(() => state);
		for (const effect of effects) await session.perform(effect as Parameters<typeof session.perform>[0]);
		await timers.advance(500);
	};
	const until = async (isSo: (state: CockpitState) => boolean) => {
		const deadlineMs = Date.now() + 10_000;
		while (!isSo(store.get())) {
			if (Date.now() > deadlineMs) throw new Error('It did not come to that in time.');
			await new Promise(setImmediate);
		}
	};
	await timers.advance(500);
	return {workspace, store, press, until};
};

test('a template of the disk becomes a workflow of the workspace, under the cursor and ready to run', async () => {
	const {workspace, store, press, until} = await cockpit();
	await press('4', 't');
	await until(state => (state.fetched.templates?.value?.length ?? 0) > 12);
	await press('/', ...'greets', 'enter', 'enter', 'ctrl-u', ...'hi', 'tab', 'ctrl-u', ...'a: b', 'ctrl-s');
	const file = path.join(workspace, '.aiworkflow/workflows/hi/workflow.md');
	expect(readFileSync(file, 'utf8')).toContain('description: "Greets a: b."');
	const {screen, dialog, pages, notice} = store.get();
	expect({screen, dialog, selected: pages.workflows.selected}).toEqual({
		screen: 'workflows',
		dialog: undefined,
		selected: file,
	});
	expect(notice?.text).toContain('enter runs it.');
});

test('what is there already is not overwritten: the form stays, with the reason', async () => {
	const {workspace, store, press, until} = await cockpit();
	writeAll(path.join(workspace, '.aiworkflow/workflows/greet'), {'workflow.md': 'mine'});
	await press('4', 't');
	await until(state => (state.fetched.templates?.value?.length ?? 0) > 12);
	await press('/', ...'greets', 'enter', 'enter', 'ctrl-s');
	expect(formOf(store.get())).toMatchObject({isSent: false, failure: expect.stringContaining('is there already')});
	expect(readFileSync(path.join(workspace, '.aiworkflow/workflows/greet/workflow.md'), 'utf8')).toBe('mine');
	expect(existsSync(path.join(workspace, '.aiworkflow/workflows/greet/template.yaml'))).toBe(false);
});
