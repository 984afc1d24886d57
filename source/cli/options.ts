import {runStatuses} from './run-statuses.ts';

/**
 * The options of every command, as data: the fast path reads them with `parseArgs`, Pastel as a zod schema, and help
 * shows them. Names are camel case here and kebab case on the command line; a switch that is on by default is turned off
 * by `--no-<name>`.
 */
export type OptionTable = Readonly<Record<string, OptionDefinition>>;

export type OptionDefinition =
	| {readonly kind: 'flag'; readonly isOn: boolean; readonly about: string}
	| {readonly kind: 'text' | 'texts'; readonly value: string; readonly about: string};

export type OptionsOf<Table extends OptionTable> = {
	readonly [Name in keyof Table]: Table[Name]['kind'] extends 'flag'
		? boolean
		: Table[Name]['kind'] extends 'texts'
			? readonly string[]
			: string | undefined;
};

const flag = (about: string) => ({kind: 'flag', isOn: false, about}) as const;
const onUnlessNo = (about: string) => ({kind: 'flag', isOn: true, about}) as const;
const text = (value: string, about: string) => ({kind: 'text', value, about}) as const;
const texts = (value: string, about: string) => ({kind: 'texts', value, about}) as const;

export const commonOptions = {
	json: flag('Print JSON for programs, and nothing else, on standard output'),
	verbose: flag('Say more'),
	color: onUnlessNo('Plain text, without colours'),
} as const;

export type CommonOptions = OptionsOf<typeof commonOptions>;

const workspace = text('folder', 'The workspace; default: the one this folder is in');
const yes = flag('Do not ask');
const comment = text('text', 'A word on why, kept with the answer');

const reason = text('text', 'Why, kept in the journal');
const since = text('moment', 'Only runs created since: 7d ago, or a date');
const watch = flag('Show it until it ends');

export const options = {
	none: {},
	init: {yes, workspace: text('folder', 'Where to create it; default: this folder')},
	trust: {yes, workspace},
	run: {
		input: texts('name=value', 'An input of the workflow; may be given several times'),
		agent: text('names', 'Agents to use instead of those of the file, comma-separated, first choice first'),
		workspace: text('folder', 'Where the steps work; default: the workspace this folder is in'),
		detach: flag('Start it and return at once'),
		yes: flag('Approve every approval step (never permissions)'),
		waitApprovals: onUnlessNo('End with exit code 6 when only an approval is left to wait for'),
	},
	workspaceOnly: {workspace},
	runsList: {
		status: text('statuses', `Only these, comma-separated: ${runStatuses.join(', ')}`),
		workflow: text('name', 'Only runs of this workflow'),
		since,
		until: text('moment', 'Only runs created before: 7d ago, or a date'),
		all: flag('Runs of sub-workflows as well'),
		limit: text('count', 'At most this many (1-200)'),
		before: text('position', 'The page after the one whose `next` this is'),
	},
	runsStats: {workflow: text('name', 'Only runs of this workflow'), since},
	runsCancel: {step: text('step', 'Only this step; what needs it is not run'), reason},
	runsPause: {reason},
	runsResume: {from: text('step', 'Of an ended run: this step and everything after it again'), watch},
	runsRetry: {from: text('step', 'This step and everything after it; default: what did not succeed'), watch},
	runsSkip: {reason: text('text', 'Why; needed, and kept in the journal')},
	runsSignal: {data: text('json', 'What to hand to the step that waits: JSON, or else a text')},
	runsFork: {
		from: text('step', 'Do this step and everything after it anew'),
		at: text('seq', 'Go on from this event of the run; default: from its last one'),
		input: texts('name=value', 'An input that is to be another; may be given several times'),
		watch,
	},
	runsRollback: {to: text('savepoint', 'Undo only what came after it; default: everything'), yes},
	runsPrune: {
		olderThan: text('length', 'Only runs that ended longer ago, such as 30d; needed'),
		keepFailed: flag('Keep failed runs'),
		dryRun: flag('Only say how many there are'),
	},
	runsCompact: {olderThan: text('length', 'Only runs that ended longer ago, such as 7d; needed')},
	runsLogs: {
		follow: flag('Go on until the end'),
		stderr: flag('Only standard error'),
		undo: flag('What undoing the step printed, instead'),
		attempt: text('number', 'Of an earlier attempt; default: the last one'),
	},
	approvalsList: {all: flag('Answered ones too')},
	approvalsAnswer: {comment},
	approvalsApprove: {comment, option: text('id', 'Which option of a permission; default: the first that allows')},
	daemonLogs: {follow: flag('Go on until interrupted'), lines: text('count', 'How many lines to begin with (100)')},
	daemonStop: {
		drain: flag('First wait until nothing runs, and begin nothing new'),
		timeout: text('length', 'Of the wait; default: 5m. When it is over the daemon is not stopped'),
	},
	daemonBackup: {force: flag('Overwrite a file that is there')},
} as const satisfies Record<string, OptionTable>;
