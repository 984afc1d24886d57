import {expect, test} from 'vitest';
import {toolDetailRowsOf} from '../../../../source/tui/pages/tools/details.ts';
import {toolRowOf} from '../../../../source/tui/pages/tools/rows.ts';
import {selectedToolOf, toolsOf} from '../../../../source/tui/pages/tools/select.ts';
import {type CockpitState, placeOf} from '../../../../source/tui/state.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {createScriptedDaemon} from '../scripted-daemon.ts';
import {scriptedTools} from '../scripted-tools.ts';
import {fetchedWith, later, noonMs, pressAll, stateOf, withTools} from '../states.ts';

const look = lookOf({});
const opened = async (tools = scriptedTools) =>
	withTools(pressAll(await stateOf(createScriptedDaemon(noonMs), 80, 24), '7').state, tools);
const at = (state: CockpitState, index: number) =>
	withTools(pressAll(state, 'g', ...Array.from({length: index}, () => 'j')).state, toolsOf(state));
const rowsOf = (state: CockpitState) =>
	toolsOf(state).map(tool =>
		toolRowOf(tool, 120, look, state.nowMs)
			.map(({text}) => text)
			.join(''),
	);
const detailsOf = (state: CockpitState) =>
	toolDetailRowsOf(state, 118, look)
		.map(row => row.map(({text}) => text).join(''))
		.join('\n');
const said = (state: CockpitState, key: string) => pressAll(state, key).state.notice?.text;

test('each tool says whether it can be called, how it did last, and what is kept open for it', async () => {
	const [issues, mail, weather, broken] = rowsOf(await opened());
	expect(issues).toMatch(/✓ issues .*mcp, mcp .*works, 1 of 2 +2 +13:59 answered +1 idle/);
	expect(mail).toMatch(/✗ mail .*openapi .*does not work +31 +14:01 tool\.unreachable/);
	expect(weather).toMatch(/· weather .*script .*not asked yet +1 /);
	expect(broken).toMatch(/✗ broken .*invalid file +\?/);
});

test('a breaker says until when it is open, and then that the next call tries', async () => {
	const [issues] = scriptedTools;
	const one = [{...issues!, implementations: issues!.implementations.slice(0, 1)}];
	const state = await opened(one);
	expect(rowsOf(state)[0]).toMatch(/◷ issues .*open until 15:00/);
	expect(rowsOf(later(state, 3_600_000))[0]).toContain('the next call tries it');
});

test('details tell implementations, operations and their arguments, cleaned', async () => {
	const details = detailsOf(await opened());
	expect(details).toContain('breaker open, 3 failures in a row, until 15:00');
	expect(details).toMatch(/13:58 tool\.unreachable: The tool issues did not answer/);
	expect(details).toContain('for claude only');
	expect(details).toContain('server 4711 idle, since 13:40, last used 13:59');
	expect(details).toContain('search(query: string, limit?: integer, state?: "open" | "closed")  only reads');
	expect(details).toContain('query  What is looked for.');
	expect(details).not.toContain('\u001b');
});

test('problems of a file are told with their place and what mends them', async () => {
	const state = at(await opened(), 3);
	expect(detailsOf(state)).toMatch(/2:1 error: `scrpt` is no kind of tool\.\n.*→ Write `script:`\./);
	expect(said(state, 'c')).toBe('Its file has mistakes.');
	expect(pressAll(state, 'e').effects).toEqual([{kind: 'edit', file: '/src/shop/.aiworkflow/tools/broken.yaml'}]);
});

test('one that nobody asked says which key does', async () => {
	const state = fetchedWith(at(await opened(), 2), {
		tool: {tool: scriptedTools[2]!, operations: null, toldBy: null, failure: null},
	});
	expect(detailsOf(state)).toContain('Nobody asked it yet: c does.');
});

test('tools that wait for trust are not asked, and trust is asked about here', async () => {
	const untrusted = await opened(scriptedTools.map(tool => ({...tool, isTrusted: false})));
	expect(rowsOf(untrusted)[0]).toMatch(/◆ issues .*waits for trust/);
	for (const key of ['c', 'C']) expect(said(untrusted, key)).toContain('Nobody trusts this workspace');
	const workspace = {isTrusted: false, files: ['.aiworkflow/tools/issues.yaml'], triggerProblems: []};
	const asked = pressAll(fetchedWith(untrusted, {workspace}), 'T').state;
	expect(placeOf(asked)).toBe('trust');
	const {state, effects} = pressAll(asked, 'y');
	expect([placeOf(state), effects]).toEqual(['tools', [{kind: 'trust', workspace: '/src/shop'}]]);
});

test('a read-only cockpit starts no tool', async () => {
	const state = {...(await opened()), isReadOnly: true};
	for (const key of ['c', 'C']) expect(said(state, key)).toBe('This cockpit is read-only.');
});

test('tab gives the keys to the details, which then scroll and leave the list as it is', async () => {
	const state = at(await opened(), 1);
	const read = pressAll(state, 'tab', 'j', 'j').state;
	expect([read.pages.tools.scroll, selectedToolOf(read)?.name]).toEqual([2, 'mail']);
	const end = pressAll(read, 'G').state;
	expect(end.pages.tools.scroll).toBeGreaterThan(20);
	expect(pressAll(end, 'tab', 'k').state.pages.tools).toMatchObject({selected: 'issues', scroll: 0, half: 'list'});
});
