import {expect, test} from 'vitest';
import {bindings} from '../../../../source/tui/keys/bindings.ts';
import {parseCockpitSettings} from '../../../../source/tui/settings/read-settings.ts';
import {defaultSettings} from '../../../../source/tui/settings/settings.ts';

const themeNames = ['default', 'dark', 'mono'];
const read = (text: string) => parseCockpitSettings(text, 'aiworkflow.yaml', themeNames);
const told = (text: string) =>
	read(text).diagnostics.map(({line, severity, message, suggestion}) => [line, severity, message, suggestion]);

test('everything can be set', () => {
	const {settings, diagnostics} = read(`version: 1
budgets: []
cockpit:
  theme: dark
  ascii: true
  notify: { bell: false, title: false, desktop: osc9, after: 0s, at-most-every: 1m }
  keys:
    approve: z
    quit: [Q, ctrl-q]
`);
	expect(diagnostics).toEqual([]);
	expect(settings).toEqual({
		theme: 'dark',
		isAscii: true,
		notify: {isBell: false, isTitle: false, desktop: 'osc9', afterMs: 0, everyMs: 60_000},
		keys: new Map([
			['approve', ['z']],
			['quit', ['Q', 'ctrl-q']],
		]),
	});
});

test.each(['', 'version: 1\n', 'cockpit:\n', 'cockpit: {}\n'])('%j leaves everything as it is', text => {
	expect(read(text)).toEqual({settings: defaultSettings, diagnostics: []});
});

test('a wrong value is told with its line, what is allowed and what was meant; the default stands in its place', () => {
	const text = `cockpit:
  theme: drak
  asci: true
  notify:
    bell: loud
    desktop: osc8
    after: 10
    at-most-every: 10ms
`;
	expect(read(text).settings).toEqual(defaultSettings);
	expect(told(text)).toEqual([
		[2, 'error', 'There is no theme `drak`.', 'Did you mean `dark`?'],
		[3, 'warning', '`asci` is not a key of `cockpit`; it does nothing.', 'Did you mean `ascii`?'],
		[5, 'error', '`bell` must be `true` or `false`, not the text "loud".', undefined],
		[6, 'error', '`desktop` must be `off` or `osc9` or `osc777`, not the text "osc8".', 'Did you mean `osc9`?'],
		[
			7,
			'error',
			'`after` must be a length of time with its unit, from 0s to 1h00m, not the number 10.',
			'Write `after: 10s`.',
		],
		[
			8,
			'error',
			'`at-most-every` must be a length of time with its unit, from 1.0s to 1h00m, not the text "10ms".',
			'Write `at-most-every: 10s`.',
		],
	]);
});

test('text that is no YAML leaves the defaults', () => {
	const {settings, diagnostics} = read('cockpit: [\n');
	expect(settings).toEqual(defaultSettings);
	expect(diagnostics).toMatchObject([{code: 'yaml.invalid'}]);
});

const keys = (...lines: string[]) => `cockpit:\n  keys:\n${lines.map(line => `    ${line}\n`).join('')}`;

test.each([
	['quit: escpae', '`escpae` is no name of a key.', 'Did you mean `esc`?'],
	['quit: Escape', '`Escape` is no name of a key.', 'Did you mean `esc`?'],
	['quit: ctrl+q', '`ctrl+q` is no name of a key.', 'Did you mean `ctrl-q`?'],
	['quit: <C-q>', '`<C-q>` is no name of a key.', 'Did you mean `ctrl-q`?'],
	['quit: f13', '`f13` is no name of a key.', expect.stringContaining('A key is one character, ctrl-a to ctrl-z')],
	['quit: ctrl-i', 'A terminal sends ctrl-i as `tab`.', 'Write `tab`, or choose another key.'],
	['quit: ctrl-c', 'ctrl-c always leaves the cockpit; nothing else can have it.', 'Choose another key.'],
	['interrupt: X', 'ctrl-c always leaves the cockpit; `interrupt` takes no other key.', expect.any(String)],
	['quti: X', '`quti` is no action of the cockpit.', 'Did you mean `quit`?'],
	['quit: []', '`quit` needs a key.', 'Give it one, or remove the line.'],
	['send: s', '`send` acts where text is typed, and `s` would be typed.', 'Give it a key such as `enter` or `ctrl-s`.'],
	[
		'approve: n',
		'`n` is `approve` and `reject` in one place (approval).',
		'Give `approve` another key, or `reject` one of its own.',
	],
])('of keys, `%s` is told', (line, message, suggestion) => {
	const text = keys(line, 'help: F');
	expect(told(text)).toEqual([[3, 'error', message, suggestion]]);
	expect(read(text).settings.keys).toEqual(new Map());
});

test('two actions may change places', () => {
	const {settings, diagnostics} = read(keys('approve: n', 'reject: y'));
	expect(diagnostics).toEqual([]);
	expect([...settings.keys]).toEqual([
		['approve', ['n']],
		['reject', ['y']],
	]);
});

test('every action but the last way out can have another key', () => {
	for (const {action} of bindings) {
		if (action === 'interrupt') continue;
		expect(told(keys(`${action}: alt-x`)), action).toEqual([]);
	}
});
