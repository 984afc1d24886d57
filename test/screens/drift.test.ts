import {afterEach, test as anyTest, beforeEach, expect} from 'vitest';
import {widthOf} from '../../source/tui/text/width.ts';
import {until} from '../sessions/session.ts';
import {isScreenTestSkipped, type Screen} from './driver.ts';
import {openScene, question, type Scene, script, untilGate} from './opened.ts';

/** Whether what is on the screen is what was meant to be there, whatever came before. */
const test = anyTest.skipIf(isScreenTestSkipped);
let scene: Scene;

beforeEach(() => {
	scene = openScene();
});

afterEach(() => scene.close());

const sizes = [
	[80, 24],
	[200, 60],
] as const;
const chatter = `${untilGate('start')}; i=0; while [ ! -e stop ]; do i=$((i+1)); echo "line $i $(printf '%*s' $((i % 90)) | tr ' ' x)"; done`;

test('resized fifty times under a chatty run, the screen is the one that is drawn afresh', {
	timeout: 120_000,
}, async () => {
	const screen = await scene.open({size: [200, 60]});
	await scene.run('chat', script('talk', `${chatter}; echo the end`) + question('ask', 'Enough?'));
	await screen.shows(/▶ chat 1/);
	scene.openGate('start');
	await screen.shows(/line \d+/);
	for (let turn = 0; turn < 50; turn++) {
		const [columns, rows] = sizes[turn % 2]!;
		await screen.resize(columns, rows);
		await untilFilled(screen, columns, rows);
	}

	scene.openGate('stop');
	await screen.shows('Enough?');
	await screen.resize(80, 24).shows('q quit').resize(200, 60).shows('Enough?').shows('the end');
	const afterAll = await settled(screen);
	await screen.scribble('\x1b[1;1HWRITTEN ACROSS');
	await screen.shows('WRITTEN ACROSS').press('C-l').hides('WRITTEN ACROSS');
	await expect.poll(() => screen.text()).toBe(afterAll);
	const fresh = await scene.open({size: [200, 60], flags: ['--render=full']});
	await expect.poll(() => fresh.text(), {timeout: 10_000}).toBe(afterAll);
});

const strange = [
	'漢字かな交じり文 と 価格',
	'emoji 😀 🚀 ✅ ⚠️ 1️⃣ 🇩🇪',
	'family 👩‍👩‍👧‍👦 flag 🏳️‍🌈 skin 👍🏽',
	'שלום עולם مرحبا بالعالم',
	'combining e\u0301 n\u0303 Z\u0351\u036b\u0343',
	'zero\u200bwidth\u00ad soft\ufeff',
	'bidi \u202eoverride\u202c \u2067isolate\u2069',
	'tab\tstop\tand\u00a0nbsp',
	'\x1b[31mred\x1b[0m \x1b[2J\x1b[H\x1b[10;10Hmoved \x1b[?1049l\x1b[?25h \x1b]0;title\x07 \x1b]52;c;aGk=\x07',
	'bell\x07 back\b\b cr\roverwritten \x9b31m c1 \x0b\x0c',
	'long '.repeat(80),
];

test.each([...sizes, [120, 35]] as const)(
	'text of any kind leaves every border in its place, at %i x %i',
	async (columns, rows) => {
		scene.session.write('strange.txt', `${strange.join('\n')}\n`);
		const screen = await scene.open({size: [columns, rows]});
		await scene.run('show', `${script('cat', `cat strange.txt\n${untilGate('go')}`)}`);
		await screen
			.shows(/▶ show 1/)
			.press('Enter', 'Enter')
			.shows('long long');
		await expectStraight(screen, columns);
		scene.openGate('go');
		await screen.shows(/✓ show 1|✓ cat/);
		await expectStraight(screen, columns);
		expect(await screen.modes()).toEqual({isAlternate: true, isCursorShown: false});
	},
);

test('an agent that says the same things in its question leaves them straight too', async () => {
	await scene.giveAgent('obey');
	const screen = await scene.open({size: [120, 35]});
	const said = strange.slice(0, 6).map(line => `SAY ${line}`);
	await scene.run(
		'say',
		`## talk\n${said.join('\n\n')}\n${question('ask', strange.slice(0, 4).join('\n\n'))}`,
		'agent: [scripted]\n',
	);
	await screen
		.shows(/✓ talk/)
		.press('a')
		.shows('y yes');
	await expectStraight(screen, 120);
});

/** Between the first row and the last, whatever has a border on the left has one in the right-most column. */
const expectStraight = async (screen: Screen, columns: number) => {
	const rows = (await screen.rows()).filter(row => /^[╭│├╰]/.test(row));
	expect(rows.length).toBeGreaterThan(5);
	for (const row of rows) {
		expect(row, row).toMatch(/[╮│┤╯]$/);
		expect(widthOf(row), row).toBe(columns);
	}
};

const untilFilled = (screen: Screen, columns: number, rows: number) =>
	until(`a screen of ${columns} x ${rows}`, async () => {
		const lines = await screen.rows();
		return lines.length === rows && lines.some(line => widthOf(line) === columns && /[╮│╯]$/.test(line));
	});

/** @returns The screen once it is the same twice in a row, without the seconds that go on by themselves. */
const settled = async (screen: Screen): Promise<string> => {
	let before = await screen.text();
	await until('the screen to settle', async () => {
		const text = await screen.text();
		const isSame = text === before;
		before = text;
		return isSame;
	});
	return before;
};
