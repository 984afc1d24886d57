import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterEach, beforeEach, describe, expect, test} from 'vitest';
import {contrastOf, textContrastMin} from '../../../../source/tui/settings/contrast.ts';
import {checkSettings, loadSettings} from '../../../../source/tui/settings/load.ts';
import {type Style, type Theme, themes} from '../../../../source/tui/theme.ts';

describe('contrast', () => {
	test('is that of WCAG: black on white is 21, a colour on itself 1', () => {
		expect(contrastOf('#000000', '#ffffff')).toBeCloseTo(21, 5);
		expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
		expect(contrastOf('#12ab34', '#12ab34')).toBe(1);
	});

	const painted = Object.values(themes).filter(({background}) => background !== undefined);

	test.each(painted.map(theme => [theme.name, theme] as const))('of %s suffices for text and borders', (_, theme) => {
		const least = theme.name === 'high-contrast' ? 7 : textContrastMin;
		for (const [name, style] of Object.entries(theme.styles) as [string, Style][]) {
			const ratio = contrastOf(style.color!, theme.background!);
			expect(ratio, `${name} of ${theme.name}`).toBeGreaterThanOrEqual(name === 'border' ? 3 : least);
			// Dim is as faint as the terminal likes: a figure would not hold.
			expect(style.isDim, `${name} of ${theme.name}`).toBeUndefined();
		}
	});

	test.each(['default', 'mono'] as const)('of %s is the terminal’s own: text has no colour of ours', name => {
		const {background, styles}: Theme = themes[name];
		expect([background, styles.text]).toEqual([undefined, {}]);
	});
});

test('the colour-blind theme tells done from failed without red and green', () => {
	const {completed, failed}: Theme['styles'] = themes['colour-blind'].styles;
	const [red, , blue] = [1, 3, 5].map(at => Number.parseInt(completed.color!.slice(at, at + 2), 16));
	const [otherRed, , otherBlue] = [1, 3, 5].map(at => Number.parseInt(failed.color!.slice(at, at + 2), 16));
	expect(blue! > red!).toBe(true);
	expect(otherRed! > otherBlue!).toBe(true);
});

let config: string;
beforeEach(() => {
	config = mkdtempSync(path.join(tmpdir(), 'aiworkflow-settings-'));
	mkdirSync(path.join(config, 'aiworkflow/themes'), {recursive: true});
});
afterEach(() => rmSync(config, {recursive: true}));
const write = (name: string, text: string) => writeFileSync(path.join(config, 'aiworkflow', name), text);
const load = (theme?: string) => loadSettings({environment: {XDG_CONFIG_HOME: config}, theme});

describe('a theme of one’s own', () => {
	test('builds on another and gives only what differs; JSON will do', async () => {
		write(
			'themes/solar.yaml',
			'extends: dark\nstyles:\n  running: { color: "#88c0d0", bold: true }\n  failed: redBright\n',
		);
		write('themes/moon.json', '{"extends": "solar", "styles": {"waiting": {"color": "ansi256(214)"}}}');
		write('aiworkflow.yaml', 'cockpit: { theme: moon }\n');
		const {theme, diagnostics} = await load();
		expect(diagnostics).toEqual([]);
		expect(theme).toMatchObject({name: 'moon', background: '#1e1e1e'});
		expect(theme.styles).toEqual({
			...themes.dark.styles,
			running: {color: '#88c0d0', isBold: true},
			failed: {color: 'redBright'},
			waiting: {color: 'ansi256(214)'},
		});
	});

	test('that is wrong is told with file, line and mend, and the default theme stands in', async () => {
		write(
			'themes/bad.yaml',
			'extends: drak\nstyles:\n  runing: red\n  failed: rde\n  key:\n    color: #fff\n  alert: { colour: red }\n',
		);
		write('aiworkflow.yaml', 'cockpit:\n  theme: bad\n');
		const {theme, diagnostics} = await load();
		expect(theme.name).toBe('default');
		expect(diagnostics.map(({file, line, suggestion}) => [path.basename(file), line, suggestion])).toEqual([
			['bad.yaml', 1, 'Did you mean `dark`?'],
			['bad.yaml', 3, 'Did you mean `running`?'],
			['bad.yaml', 4, 'Did you mean `red`?'],
			['bad.yaml', 6, expect.stringContaining('in quotation marks')],
			['bad.yaml', 7, 'Did you mean `color`?'],
		]);
	});

	test('that is faint on the background it names is warned of', async () => {
		write('themes/faint.yaml', 'background: "#ffffff"\nstyles: { running: "#cccccc" }\n');
		expect((await load('faint')).diagnostics).toMatchObject([
			{severity: 'warning', message: '`running` is faint on this background: 1.6 to 1; text needs 4.5.'},
		]);
	});

	test('that builds on itself is told', async () => {
		write('themes/a.yaml', 'extends: b\n');
		write('themes/b.yaml', 'extends: a\n');
		await expect(load('a')).rejects.toThrow('in a circle');
		const problems = await checkSettings({XDG_CONFIG_HOME: config});
		expect(problems.map(({code}) => code)).toContain('theme.circular');
	});

	test('does not take the place of a built-in one', async () => {
		write('themes/dark.yaml', 'styles: { running: red }\n');
		const {theme, diagnostics} = await load('dark');
		expect(theme).toEqual(themes.dark);
		expect(diagnostics).toMatchObject([
			{code: 'theme.duplicate', suggestion: expect.stringContaining('extends: dark')},
		]);
	});
});

test('a theme asked for that there is not is a wrong command, with what was meant', async () => {
	await expect(load('lihgt')).rejects.toMatchObject({code: 'usage.invalid', suggestion: 'Did you mean `light`?'});
});

test('without any file there are the defaults, and nothing to tell', async () => {
	rmSync(path.join(config, 'aiworkflow'), {recursive: true});
	expect(await load()).toMatchObject({theme: themes.default, diagnostics: []});
});

test('settings that are no file are told, and the cockpit has its defaults', async () => {
	mkdirSync(path.join(config, 'aiworkflow/aiworkflow.yaml'));
	const {diagnostics} = await load();
	expect(diagnostics).toMatchObject([{code: 'settings.unreadable', message: 'It cannot be read: it is no file.'}]);
});
