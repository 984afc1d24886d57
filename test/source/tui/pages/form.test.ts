import {describe, expect, test} from 'vitest';
import type {WorkflowDefinitionView} from '../../../../source/api/messages.ts';
import {paste} from '../../../../source/tui/keys/press.ts';
import {nothingRemembered, withInputs} from '../../../../source/tui/memory/remembered.ts';
import {fieldsOf, textsOf} from '../../../../source/tui/pages/workflows/form/fields.ts';
import {formOf} from '../../../../source/tui/pages/workflows/form/form.ts';
import {estimateWordsOf, formRowsOf} from '../../../../source/tui/pages/workflows/form/rows.ts';
import type {CockpitState} from '../../../../source/tui/state.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {playBusy} from '../scenes.ts';
import {fixIssueFile, nightlyFile, scriptedEstimate} from '../scripted-workflows.ts';
import {fetchedWith, noonMs, pressAll, stateOf, withWorkflows} from '../states.ts';

const picker = async (change: Partial<CockpitState> = {}) =>
	withWorkflows({...pressAll(await stateOf(playBusy(noonMs)), '4').state, ...change}, fixIssueFile);
const opened = async () => pressAll(await picker(), 'enter').state;

const definition = (inputs: WorkflowDefinitionView['inputs']): WorkflowDefinitionView => ({
	...{name: 'x', description: null, plan: [], agents: [], asksAgents: false},
	inputs,
});

test('a form has a field for each input and one for the agents, with what the file presets', async () => {
	const form = formOf(await opened())!;
	expect(form.fields.map(({label, choices}) => [label, choices])).toEqual([
		['issue', undefined],
		['mode', ['fast', 'thorough']],
		['dry', ['true', 'false']],
		['note', undefined],
		['agents', undefined],
	]);
	expect(form.texts).toMatchObject({'input:issue': '', 'input:mode': 'fast', 'input:dry': 'false', agents: ''});
});

test('what may be left out can be left out again', () => {
	const [field] = fieldsOf(definition({loud: {type: 'boolean', required: false}}));
	expect(field!.choices).toEqual(['', 'true', 'false']);
});

test('enter goes from field to field and starts the run on the last one', async () => {
	const {state, effects} = pressAll(
		await opened(),
		...['4', '2', 'enter', 'enter', 'left', 'enter', 'h', 'i', 'space', 'x', 'enter'],
		...['c', 'o', 'd', 'e', 'x', 'enter'],
	);
	expect(effects).toEqual([
		{
			kind: 'start-run',
			file: fixIssueFile,
			inputs: {issue: '42', mode: 'fast', dry: 'true', note: 'hi x'},
			agents: ['codex'],
			typed: {issue: '42', dry: 'true', note: 'hi x'},
		},
	]);
	expect(formOf(state)?.isSent).toBe(true);
	expect(pressAll(state, 'ctrl-s').effects).toEqual([]);
});

test('a mistake is said beside its field at once, what is missing when it is sent', async () => {
	const rowsOf = (state: CockpitState) =>
		formRowsOf(state, formOf(state)!, 100, lookOf({})).rows.map(row => row.map(({text}) => text).join(''));
	const fresh = await opened();
	expect(rowsOf(fresh).join('\n')).not.toContain('✗');
	const typed = pressAll(fresh, 'f', 'o', 'u', 'r').state;
	expect(rowsOf(typed).join('\n')).toContain('✗ The input `issue` must be an integer, not "four".');
	const {state, effects} = pressAll(fresh, 'tab', 'tab', 'ctrl-s');
	expect(effects).toEqual([]);
	expect(rowsOf(state).join('\n')).toContain('✗ The input `issue` is required.');
	expect(formOf(state)?.cursor).toBe(0);
	expect(state.notice?.text).toContain('mended');
});

test('pasted text is typed into a field of text, and presses no key of a choice', async () => {
	const pasted = paste(await opened(), '4\r2');
	expect(formOf(pasted)?.texts['input:issue']).toBe('4 2');
	const onChoice = paste(pressAll(await opened(), 'tab').state, ' ');
	expect(formOf(onChoice)?.texts['input:mode']).toBe('fast');
	expect(onChoice.notice?.text).toContain('ignored');
});

describe('what was typed last time', () => {
	test('is offered again', async () => {
		const remembered = withInputs(nothingRemembered, fixIssueFile, {issue: '7', mode: 'thorough', gone: 'x'});
		const state = pressAll(await picker({remembered}), 'enter').state;
		expect(formOf(state)?.texts).toMatchObject({'input:issue': '7', 'input:mode': 'thorough', 'input:dry': 'false'});
	});

	test('is not offered where it is no choice any more', () => {
		const fields = fieldsOf(definition({mode: {type: 'string', required: true, enum: ['slow']}}));
		expect(textsOf(fields, {mode: 'fast'})).toEqual({'input:mode': ''});
	});
});

test('a workflow with problems, a read-only cockpit and a daemon that is gone say why nothing starts', async () => {
	const said = (state: CockpitState) => pressAll(state, 'enter').state.notice?.text;
	expect(said(withWorkflows(await picker(), nightlyFile))).toBe('Its file has problems: it cannot be run.');
	expect(said({...(await picker()), isReadOnly: true})).toBe('This cockpit is read-only.');
	expect(said({...(await picker()), connection: {status: 'lost', sinceMs: noonMs}})).toContain('not there');
	expect(pressAll({...(await picker()), isReadOnly: true}, 'e').effects).toEqual([]);
});

test('the estimate says what is known and what is not', async () => {
	const words = (estimate: Partial<typeof scriptedEstimate>, state: CockpitState) =>
		estimateWordsOf(fetchedWith(state, {estimate: {...scriptedEstimate, ...estimate}}));
	const state = await opened();
	expect(words({}, state)).toBe('$0.20 and more: unknown for fix');
	expect(words({likelyUsd: 0.4, unknownSteps: []}, state)).toBe('about $0.40');
	expect(words({knownUsd: 0}, state)).toBe('unknown for fix');
	expect(words({steps: []}, state)).toBe('asks no agent: it costs nothing');
	expect(estimateWordsOf(state)).toBe('asking');
});

test('the estimate is of the agents that were typed, once the cursor has left them', async () => {
	const onAgents = pressAll(await opened(), 'tab', 'tab', 'tab', 'tab', 'c', 'o').state;
	expect(formOf(onAgents)?.estimatedAgents).toBe('');
	expect(formOf(pressAll(onAgents, 'shift-tab').state)?.estimatedAgents).toBe('co');
});

test('trusting is asked for, takes a key of its own, and needs something to trust', async () => {
	const asked = pressAll(await opened(), 'ctrl-t').state;
	expect(pressAll(asked, 'enter', 'q').effects).not.toContainEqual(expect.objectContaining({kind: 'trust'}));
	expect(pressAll(asked, 'y').effects).toEqual([{kind: 'trust', workspace: '/src/shop'}]);
	const said = (workspace: {isTrusted: boolean; files: readonly string[]}, state: CockpitState) =>
		pressAll(fetchedWith(state, {workspace: {...workspace, triggerProblems: []}}), 'T').state.notice?.text;
	expect(said({isTrusted: true, files: ['a']}, await picker())).toBe('It is trusted already.');
	expect(said({isTrusted: false, files: []}, await picker())).toBe('Nothing in this workspace needs to be trusted.');
});
