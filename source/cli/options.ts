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
		status: text('statuses', 'Only these, comma-separated: queued, running, waiting, completed, failed, cancelled'),
		workflow: text('name', 'Only runs of this workflow'),
		limit: text('count', 'At most this many (1-200)'),
		before: text('position', 'The page after the one whose `next` this is'),
	},
	runsCancel: {reason: text('text', 'Why, kept in the journal')},
	runsLogs: {
		follow: flag('Go on until the end'),
		stderr: flag('Only standard error'),
		attempt: text('number', 'Of an earlier attempt; default: the last one'),
	},
	approvalsList: {all: flag('Answered ones too')},
	approvalsAnswer: {comment},
	approvalsApprove: {comment, option: text('id', 'Which option of a permission; default: the first that allows')},
	daemonLogs: {follow: flag('Go on until interrupted'), lines: text('count', 'How many lines to begin with (100)')},
} as const satisfies Record<string, OptionTable>;
