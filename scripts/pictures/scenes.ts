import type {Screen} from '../../test/screens/driver.ts';

/** One picture: docs/screens/<name>.txt and .svg. */
export interface PictureScene {
	readonly name: string;
	/** What is on it, for docs/screens/README.md. */
	readonly title: string;
	readonly size: readonly [columns: number, rows: number];
	readonly flags?: readonly string[];
	/** From the home screen to the picture; ends with a `shows` of what must be on it. */
	readonly steps: (screen: Screen) => PromiseLike<unknown>;
}

const wide = [120, 32] as const;
const small = [80, 24] as const;

/**
 * To add a picture, add a line. The cockpit is open on a workspace in which runs of stage.ts have ended, failed, wait and
 * work.
 */
export const pictureScenes: readonly PictureScene[] = [
	{
		name: 'home',
		title: 'Home: what is happening, and what needs you',
		size: wide,
		steps: screen =>
			screen
				.shows('Needs you')
				.shows('fast-check')
				.shows(/✗ deploy/),
	},
	{
		name: 'home-small',
		title: 'The same at 80 x 24: one pane at a time',
		size: small,
		steps: screen => screen.shows(/needs? you/),
	},
	{
		name: 'home-ascii',
		title: 'The same with `--ascii`',
		size: small,
		flags: ['--ascii'],
		steps: screen => screen.shows(/needs? you/),
	},
	{
		name: 'approval',
		title: 'A question, opened with `a`',
		size: wide,
		steps: screen => screen.shows('Needs you').press('a').shows('y yes'),
	},
	{
		name: 'output',
		title: 'What a step prints, followed',
		size: wide,
		steps: screen =>
			screen
				.shows('Needs you')
				.press('/')
				.type('audit')
				.press('Enter')
				.shows('auditing')
				.press('Enter')
				.press('Enter')
				.shows('auditing'),
	},
	{
		name: 'then',
		title: 'A run as it was, as a graph, with its events: `[`, `v` and `t`',
		size: wide,
		steps: screen =>
			screen
				.shows('Needs you')
				.press('/')
				.type('deploy')
				.press('Enter')
				.shows('registry.example')
				.press('v')
				.press('t')
				.press('[')
				.shows(/event \d+ of/)
				.press('{')
				.press('{')
				.shows(/event \d+ of .* (?:attempt|step)/),
	},
	{
		name: 'failed',
		title: 'A run that failed, and why',
		size: wide,
		steps: screen => screen.shows('Needs you').press('/').type('deploy').press('Enter').shows('registry.example'),
	},
	{
		name: 'graph',
		title: 'A run as a graph, switched with `v`',
		size: wide,
		steps: screen => screen.shows('Needs you').press('/').type('fix').press('Enter').press('v').shows('╭──────'),
	},
	{
		name: 'past',
		title: 'A run as it was, moved through with `[` and `]`',
		size: wide,
		steps: screen =>
			screen.shows('Needs you').press('/').type('deploy').press('Enter').press('Enter').press('[').shows('then:'),
	},
	{
		name: 'events',
		title: 'What happened in a run, opened with `t`',
		size: wide,
		steps: screen =>
			screen.shows('Needs you').press('/').type('deploy').press('Enter').press('Enter').press('t').shows('Events'),
	},
	{
		name: 'money',
		title: 'Money',
		size: wide,
		steps: screen => screen.shows('Needs you').press('2').shows('Spent by').hides('Loading.'),
	},
	{
		name: 'workflows',
		title: 'Workflows, to see and to start',
		size: wide,
		steps: screen => screen.shows('Needs you').press('4').shows('Plan').hides('Loading.'),
	},
	{
		name: 'log',
		title: 'The log of the daemon',
		size: wide,
		steps: screen => screen.shows('Needs you').press('6').shows('started'),
	},
	{
		name: 'agents',
		title: 'Agents',
		size: wide,
		steps: screen =>
			screen
				.shows('Needs you')
				.press(':')
				.type('agents')
				.press('Enter')
				.shows('╭ Agents')
				.shows('coder')
				.hides('Loading.'),
	},
	{
		name: 'palette',
		title: 'Every action by its name, opened with `:`',
		size: wide,
		steps: screen => screen.shows('Needs you').press(':').type('run').shows(': run'),
	},
	{
		name: 'keys',
		title: 'Every key, opened with `?`',
		size: wide,
		steps: screen => screen.shows('Needs you').press('?').shows('next pane'),
	},
];
