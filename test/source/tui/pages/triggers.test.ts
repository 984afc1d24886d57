import {expect, test} from 'vitest';
import {triggerDetailRowsOf} from '../../../../source/tui/pages/triggers/details.ts';
import {noticesOf} from '../../../../source/tui/pages/triggers/notices.ts';
import {triggerRowOf} from '../../../../source/tui/pages/triggers/rows.ts';
import {selectedTriggerOf, triggerItemsOf} from '../../../../source/tui/pages/triggers/select.ts';
import type {CockpitState} from '../../../../source/tui/state.ts';
import {placeOf} from '../../../../source/tui/state.ts';
import {lookOf} from '../../../../source/tui/theme.ts';
import {playBusy} from '../scenes.ts';
import {knownTriggers, scriptedSchedules, scriptedWebhooks, unarmedTriggers} from '../scripted-triggers.ts';
import {fetchedWith, noonMs, pressAll, stateOf, withTriggers} from '../states.ts';

process.env.TZ = 'UTC';

const look = lookOf({});
const opened = async (known: Parameters<typeof withTriggers>[1] = {}) =>
	withTriggers(pressAll(await stateOf(playBusy(noonMs)), '5').state, known);
const unarmed = () => opened({webhooks: undefined, ...unarmedTriggers});
const rowsOf = (state: CockpitState, columns = 118) =>
	triggerItemsOf(state).map(item =>
		triggerRowOf(item, state, columns, look)
			.map(({text}) => text)
			.join(''),
	);
const detailsOf = (state: CockpitState) =>
	triggerDetailRowsOf(selectedTriggerOf(state)!, state, 118, look)
		.map(row => row.map(({text}) => text).join(''))
		.join('\n');
const said = (state: CockpitState, key: string) => pressAll(state, key).state.notice?.text;
const at = (state: CockpitState, index: number) => pressAll(state, ...Array.from({length: index}, () => 'j')).state;

test('each trigger says whether it fires, when next, and what became of its last firing', async () => {
	const rows = rowsOf(await opened());
	expect(rows[0]).toMatch(/✓ nightly-audit .* armed +23 Nov 08:00 +▶ 13:50 running +3/);
	expect(rows[1]).toMatch(/‖ report .* paused +2/);
	expect(rows[2]).toMatch(/◆ triage .* nobody listens +✗ 12:30 failed/);
	expect(rows[4]).toMatch(/✗ nightly .* invalid file/);
});

test('the next moment is one of the clock: time that passes changes no row', async () => {
	const state = await opened();
	expect(rowsOf({...state, nowMs: state.nowMs + 60_000})).toEqual(rowsOf(state));
});

test('a schedule that never fires says so', async () => {
	const schedules = scriptedSchedules.map(each => ({...each, nextAt: null, coming: []}));
	expect(rowsOf(await opened({schedules}))[0]).toContain('never');
});

test('what is declared and not armed is listed, with what arms it', async () => {
	const state = await unarmed();
	expect(rowsOf(state).map(row => row.trim().split(/\s{2,}/)[0])).toHaveLength(4);
	expect(rowsOf(state)[2]).toMatch(/· nightly-audit +schedule at 09:00, Mon.* not armed/);
	expect(noticesOf(state)).toEqual(['Nothing fires: nobody armed this workspace. `aiworkflow trust` does.']);
	expect(detailsOf(at(state, 2))).toContain('`aiworkflow trust`');
});

test('what keeps triggers from firing is told with the command that mends it', async () => {
	expect(noticesOf(await opened()).map(notice => /`aiworkflow [^`]*`/.exec(notice)?.[0])).toEqual([
		'`aiworkflow workflow validate`',
		'`aiworkflow webhook start`',
		'`aiworkflow queue worker jobs --resume`',
	]);
	const workspaces = [{workspace: '/src/shop', waitsForTrust: true, invalid: []}];
	const changed = await opened({webhooks: undefined, ...unarmedTriggers, workspaces});
	expect(noticesOf(changed)).toEqual([expect.stringContaining('files changed since somebody trusted them')]);
	expect(rowsOf(changed)[2]).toContain('waits for trust');
});

test('a webhook that cannot be heard says why', async () => {
	const {listener, webhooks} = scriptedWebhooks;
	const detail = 'GITHUB_WEBHOOK_SECRET is not set. Set it, and run `aiworkflow trust`.';
	const state = await opened({
		webhooks: {
			listener: {...listener, isListening: true},
			webhooks: webhooks.map(each => ({...each, state: 'no-secret' as const, detail})),
		},
	});
	expect(rowsOf(state)[2]).toMatch(/✗ triage .* no secret/);
	expect(noticesOf(state)).toContain(`triage hears no webhook: ${detail}`);
	expect(detailsOf(at(state, 2))).toContain(`no secret: ${detail}`);
});

test('a trigger that may miss something says what and why', async () => {
	const failure = {message: 'Too many folders are watched.', suggestion: 'Watch fewer.'};
	const workspace = {isTrusted: true, files: [], triggerProblems: [{workflow: 'lint', failure}]};
	const state = fetchedWith(await opened(), {workspace});
	expect(noticesOf(state).at(-1)).toBe('lint may miss something: Too many folders are watched. Watch fewer.');
});

test('webhooks to others that were given up are told of', async () => {
	const [one, other] = [{workspace: '/src/shop'}, {workspace: '/src/shop'}] as never[];
	const noticeOf = async (deadWebhooks: never[]) => noticesOf(fetchedWith(await opened(), {deadWebhooks})).at(-1);
	expect(await noticeOf([one!])).toBe('1 webhook to others was given up: 8 shows which, and why.');
	expect(await noticeOf([one!, other!])).toMatch(/^2 webhooks to others were given up/);
	expect(await noticeOf([])).not.toContain('given up');
	expect(await noticeOf([{workspace: '/src/other'}] as never[])).not.toContain('given up');
});

test('details tell the firings with their reasons, cleaned', async () => {
	const details = detailsOf(await opened());
	expect(details).toContain('at 09:00, Monday to Friday (0 9 * * 1-5) in Europe/Berlin; overlap: skip; catch-up: one');
	expect(details).toMatch(/08:00 +↷ skipped +the run before it goes on/);
	const triggers = knownTriggers.triggers.map(each => ({
		...each,
		firings: each.firings.map(firing => ({...firing, status: 'failed' as const, detail: 'no\u001b[2J'})),
	}));
	expect(detailsOf(await opened({triggers}))).not.toContain('\u001b');
});

test('of a file that is read the lines that declare the trigger are shown', async () => {
	const state = withTriggers(at(await opened(), 5));
	expect(detailsOf(state)).toContain('As declared, line 5\n   webhook: { path: /night }');
});

test('keys that do not apply say why', async () => {
	const state = await opened();
	expect(said(at(state, 1), 'enter')).toBe('It has fired nothing yet.');
	expect(said(at(state, 2), 'enter')).toBe('The last firing began no run.');
	expect(said({...state, runs: new Map()}, 'enter')).toBe('Its run is not known here any more.');
	expect(said(at(state, 2), 'p')).toBe('Only a schedule is paused and fired here.');
	expect(said(at(state, 4), 'R')).toBe('Its file has mistakes.');
	expect(said(at(await unarmed(), 2), 'R')).toContain('`aiworkflow trust`');
	for (const key of ['p', 'R']) expect(said({...state, isReadOnly: true}, key)).toBe('This cockpit is read-only.');
	expect(said(state, 'T')).toBe('It is trusted already.');
	expect(said({...(await unarmed()), isReadOnly: true}, 'T')).toBe('This cockpit is read-only.');
});

test('firing is asked about once; the key that pauses lets a paused one fire again', async () => {
	const state = await opened();
	expect(pressAll(state, 'R', 'n').effects).toEqual([]);
	expect(pressAll(state, 'R', 'y').effects).toEqual([{kind: 'fire', schedule: 'nightly-audit'}]);
	expect(pressAll(at(state, 1), 'p').effects).toEqual([{kind: 'resume-schedule', schedule: 'report'}]);
});

test('a workspace that is trusted and not armed can be armed here, and comes back here', async () => {
	const asked = pressAll(await unarmed(), 'T').state;
	expect(placeOf(asked)).toBe('trust');
	const {state, effects} = pressAll(asked, 'y');
	expect([placeOf(state), effects]).toEqual(['triggers', [{kind: 'trust', workspace: '/src/shop'}]]);
});
