import {routingStrategies} from '../workflow/definition.ts';
import {priorities, queueBackends} from '../workflow/queues.ts';
import {exportFormats} from './export-formats.ts';
import {importFormats} from './import-formats.ts';
import {runStatuses} from './run-statuses.ts';

/**
 * The options of every command, as data: the fast path reads them with `parseArgs`, Pastel as a zod schema, and help
 * shows them. Names are camel case here and kebab case on the command line; a switch that is on by default is turned off
 * by `--no-<name>`.
 */
export type OptionTable = Readonly<Record<string, OptionDefinition>>;

export type OptionDefinition =
	| {readonly kind: 'flag'; readonly isOn: boolean; readonly about: string}
	| {
			readonly kind: 'text' | 'texts';
			readonly value: string;
			readonly about: string;
			/** All that it may be, where they are few; offered by the completion of shells. */
			readonly choices?: readonly string[];
	  };

export type OptionsOf<Table extends OptionTable> = {
	readonly [Name in keyof Table]: Table[Name]['kind'] extends 'flag'
		? boolean
		: Table[Name]['kind'] extends 'texts'
			? readonly string[]
			: string | undefined;
};

const flag = (about: string) => ({kind: 'flag', isOn: false, about}) as const;
const onUnlessNo = (about: string) => ({kind: 'flag', isOn: true, about}) as const;
const text = (value: string, about: string, choices?: readonly string[]) =>
	({kind: 'text', value, about, ...(choices && {choices})}) as const;
const texts = (value: string, about: string) => ({kind: 'texts', value, about}) as const;

export const commonOptions = {
	json: flag('Print JSON for programs, and nothing else, on standard output'),
	verbose: flag('Say more'),
	color: onUnlessNo('Plain text, without colours'),
} as const;

export type CommonOptions = OptionsOf<typeof commonOptions>;

const workspace = text('folder', 'The workspace; default: the one this folder is in');
const bundle = text('folder', 'A folder with a workflow: its own tools as well');
const yes = flag('Do not ask');
const comment = text('text', 'A word on why, kept with the answer');

const reason = text('text', 'Why, kept in the journal');
const since = text('moment', 'Only runs created since: 7d ago, or a date');
const watch = flag('Show it until it ends');

const variable = texts('name=value', 'A variable of the template; may be given several times');
const useDefaults = flag('Do not ask: take defaults for what is not given');
const force = flag('Overwrite files that are there');

const queuePlace = {
	backend: text(
		'name',
		`Where it is: ${queueBackends.join(', ')}; default: as armed workflows say, else embedded`,
		queueBackends,
	),
	urlEnv: text('name', 'The environment variable with the address of its server'),
};

export const options = {
	none: {},
	init: {
		agent: text('name', 'Whom the first workflow asks; default: the first that is installed'),
		template: text('name', 'The first workflow is made of this template'),
		var: variable,
		yes,
		workspace: text('folder', 'Where to create it; default: this folder'),
	},
	trust: {yes, workspace, revoke: flag('Take it back: no trigger of it fires, no agent or tool of it runs')},
	emit: {
		data: text('json', 'What happened: JSON, or else a text; - reads standard input'),
		id: text('id', 'What comes again under the same id starts nothing again'),
		workspace: text('folder', 'Whose workflows hear it; default: the one this folder, or this step, is in'),
		taint: text(
			'source',
			'Where the data come from, if not from you: agents then only read, unless a step allows more',
		),
	},
	run: {
		input: texts('name=value', 'An input of the workflow; may be given several times'),
		agent: text('names', 'Agents to use instead of those of the file, comma-separated, first choice first'),
		workspace: text('folder', 'Where the steps work; default: the workspace this folder is in'),
		detach: flag('Start it and return at once'),
		estimate: flag('Tell what it is likely to cost, and do not run it'),
		yes: flag('Approve every approval step (never permissions)'),
		taint: text(
			'source',
			'Where the inputs come from, if not from you: agents then only read, unless a step allows more',
		),
		record: flag('Write what the agents answer to recordings/, for `--agent replay` and `aiworkflow test`'),
		waitApprovals: onUnlessNo('End with exit code 6 when only an approval is left to wait for'),
	},
	import: {
		to: text('path', 'Where to write it: a file, or a folder; default: .aiworkflow/workflows'),
		as: text('format', `What it is, where that cannot be told: ${importFormats.join(', ')}`, importFormats),
		dryRun: flag('Print what it would become, and write nothing'),
		force: flag('Overwrite a file that is there'),
	},
	export: {
		format: text('name', `${exportFormats.join(', ')}; default: markdown`, exportFormats),
		to: text('file', 'Where to write it; default: standard output'),
		force: flag('Overwrite a file that is there'),
	},
	test: {update: flag('Take changed prompts over into recordings whose answers still fit')},
	costsSummary: {
		by: text('what', 'workflow, agent, model, step, day, hour or minute; default: workflow', [
			'workflow',
			'agent',
			'model',
			'step',
			'day',
			'hour',
			'minute',
		]),
		since,
		workflow: text('name', 'Only what runs of this workflow spent'),
	},
	costsList: {
		run: text('id', 'Only what this run spent'),
		since,
		limit: text('count', 'How many lines (100)'),
	},
	costsEstimate: {
		workspace,
		agent: text('names', 'Agents to estimate for, comma-separated'),
		compare: flag('One line for each agent that is named, or that the file names'),
	},
	workspaceOnly: {workspace},
	templateList: {
		category: text('name', 'Only those of this category; see `template categories`'),
		tag: text('name', 'Only those with this tag'),
		workspace,
	},
	templateUse: {
		to: text('folder', 'Where to make it; default: .aiworkflow/workflows/<id> of the workspace'),
		var: variable,
		yes: useDefaults,
		force,
		workspace,
	},
	workflowCreate: {
		template: text('name', 'basic, multi-step, with-tools, or a template; default: basic'),
		bundle: flag('A folder with config.yaml, tests/ and recordings/ instead of one file'),
		to: text('folder', 'Where to make it; default: .aiworkflow/workflows of the workspace'),
		var: variable,
		yes: useDefaults,
		force,
		workspace,
	},
	status: {
		format: text('text', 'The line, with {running}, {waiting}, {failed}, {paused}, {queued}, {sleeping}, {spent}'),
	},
	toolsList: {workspace, bundle, check: flag('Open each of them, to see whether it works and what it can do')},
	toolsServe: {
		tool: texts('name', 'A tool, or <tool>.<operation>; may be given several times. Default: all of the workspace'),
		workspace,
		bundle,
	},
	toolsInfo: {workspace, bundle},
	toolsCall: {
		workspace,
		bundle,
		with: text('json', 'The arguments as a JSON object; @file reads a file, - standard input'),
		argument: texts('name=value', 'One argument; `--name value` does the same where the name is no option here'),
		timeout: text('length', 'How long it may take, such as 30s; default: as the file of the tool says'),
	},
	agentsDisable: {workspace, reason},
	agentsPrefer: {workspace, off: flag('It is preferred no more')},
	scheduleStart: {yes, workspace},
	schedulePause: {workspace, reason},
	agentsRoute: {
		workspace,
		workflow: text('file', 'Of this workflow: its agents, how it chooses, and the length of the prompt'),
		step: text('step', 'Which step of it; needed where several ask an agent'),
		agent: text('names', 'These agents, comma-separated, first choice first; default: all that are there'),
		strategy: text('name', `How one is chosen: ${routingStrategies.join(', ')}`, routingStrategies),
		require: texts('capability', 'Only agents that can do this; may be given several times'),
		prefer: texts('agent', 'Wins over equally good ones; may be given several times'),
		exclude: texts('agent', 'Is not asked; may be given several times'),
		maxCost: text('usd', 'At most this for one attempt, by estimate'),
		maxLatency: text('length', 'At most this long until it answers, such as 5s'),
		model: text('name', 'The model to estimate for'),
		promptChars: text('count', 'How long the prompt is (4000), for estimates'),
		explain: flag('Show the scores of all of them, and why some cannot be chosen'),
	},
	bundlePack: {
		output: text('file', 'Where to; default: <name>-<version>.tgz in this folder. `-o` for short'),
		force: flag('Overwrite a file that is there'),
	},
	bundleUnpack: {
		to: text('folder', 'Where to; default: a folder here, called like the bundle'),
		force: flag('Replace a folder that is there; it is kept as <folder>.old'),
	},
	runsList: {
		status: text('statuses', `Only these, comma-separated: ${runStatuses.join(', ')}`, runStatuses),
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
	approvalsApprove: {
		comment,
		forRun: flag('Allow the same for the rest of the run, where an agent asked leave'),
		edit: flag('Change the text first, in $VISUAL or $EDITOR, where it may be changed'),
		textFile: text('file', 'What the text is changed to: a file, or - for standard input'),
		extend: text('amount', 'How much more may be spent, in USD or the unit of the budget; default: as asked'),
		option: text('id', 'Which option of a permission; default: the first that allows'),
	},
	webhookStart: {
		port: text('number', 'Where to listen; default: as before, else 4780. 0: any that is free'),
		host: text('address', 'Which address of this machine; default: as before, else 127.0.0.1, for itself only'),
	},
	webhookTest: {
		data: text('file', 'The body: a file, or - for standard input; default: a small JSON object'),
		event: text('name', "What happened, in the sender's own word, such as push"),
		method: text('name', 'POST, PUT, PATCH or GET; default: the first that it takes', ['POST', 'PUT', 'PATCH', 'GET']),
		contentType: text('type', 'Of the body; default: application/json'),
	},
	webhookDeliveries: {
		status: text('name', 'Only those: queued, delivered or dead'),
		workflow: text('name', 'Only those of one workflow'),
		run: text('id', 'Only those of one run'),
	},
	webhookDeadList: {workflow: text('name', 'Only those of one workflow')},
	webhookDeadReplay: {all: flag('All of them'), workflow: text('name', 'With --all: only those of one workflow')},
	webhookDeadPurge: {all: flag('All of them'), workflow: text('name', 'With --all: only those of one workflow'), yes},
	queuePublish: {
		data: text('json', 'The body: JSON, or else a text'),
		priority: text('name', `${priorities.join(', ')}; default: normal`, priorities),
		id: text('id', 'Messages of one id are one message; default: an id of its own'),
		ttl: text('length', 'Not wanted any more if no run began by then, such as 10m'),
		...queuePlace,
	},
	queueWorker: {
		pause: flag('Consume it here no more, over restarts too; what runs goes on'),
		resume: flag('Consume it again'),
	},
	queuePurge: {dead: flag('The dead letters, instead of what waits'), yes, ...queuePlace},
	queueDeadList: queuePlace,
	queueDeadReplay: {all: flag('All of them'), ...queuePlace},
	daemonLogs: {follow: flag('Go on until interrupted'), lines: text('count', 'How many lines to begin with (100)')},
	daemonStop: {
		drain: flag('First wait until nothing runs, and begin nothing new'),
		timeout: text('length', 'Of the wait; default: 5m. When it is over the daemon is not stopped'),
	},
	daemonUnit: {
		systemd: flag('A user unit of systemd'),
		launchd: flag('A property list of launchd'),
	},
	daemonBackup: {force: flag('Overwrite a file that is there')},
} as const satisfies Record<string, OptionTable>;
