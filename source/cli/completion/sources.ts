import {readdir, readFile} from 'node:fs/promises';
import path from 'node:path';
import {builtInAgents} from '../../agent-names.ts';
import type {ApprovalsPage, QueueView, RunsPage, SchedulesPage, WebhooksView} from '../../api/messages.ts';
import {readQuickly} from '../../client/quick-request.ts';
import {findWorkspace, namedWorkflows} from '../../workflow-files.ts';
import type {Candidate, Next} from './candidates.ts';
import {shells} from './shells.ts';

/** What the shell itself completes. */
export type Places = 'files' | 'folders';

export interface Found {
	readonly candidates: readonly Candidate[];
	readonly places?: Places;
}

type Value = Extract<Next, {kind: 'value'}>;
type Source = (value: Value, cwd: string) => Promise<Found>;

const nothing: Found = {candidates: []};
const runsShown = 50;

const runs: Source = async () => {
	const {runs: found} = await readQuickly<RunsPage>(`/v1/runs?limit=${runsShown}`);
	return {
		candidates: found.map(({id, workflow, number, status}) => ({value: id, about: `${workflow} ${number}, ${status}`})),
	};
};

const steps: Source = async ({args: [runId]}) => {
	if (runId === undefined) return nothing;
	const {steps: found} = await readQuickly<{readonly steps: readonly {readonly id: string; readonly status: string}[]}>(
		`/v1/runs/${encodeURIComponent(runId)}`,
	);
	return {candidates: found.map(({id, status}) => ({value: id, about: status}))};
};

const approvals: Source = async () => {
	const {approvals: found} = await readQuickly<ApprovalsPage>('/v1/approvals');
	return {candidates: found.map(({id, question}) => ({value: id, about: question.split('\n')[0]!}))};
};

const schedules: Source = async (_, cwd) => {
	const {schedules: found} = await readQuickly<SchedulesPage>(
		`/v1/schedules?workspace=${encodeURIComponent(findWorkspace(cwd))}`,
	);
	return {candidates: found.map(({name, cron}) => ({value: name, about: cron}))};
};

const queues: Source = async () => {
	const {queues: found} = await readQuickly<{readonly queues: readonly QueueView[]}>('/v1/queues');
	return {candidates: found.map(({queue}) => ({value: queue, about: ''}))};
};

const webhooks: Source = async () => {
	const {webhooks: found} = await readQuickly<WebhooksView>('/v1/webhooks');
	return {candidates: found.map(({path: asked, workflow}) => ({value: asked, about: workflow}))};
};

const workflowNames: Source = async (_, cwd) => {
	const workspace = findWorkspace(cwd);
	const found = await namedWorkflows(workspace);
	return {candidates: found.map(({name, file}) => ({value: name, about: path.relative(workspace, file)}))};
};

const workflows: Source = async (value, cwd) => ({...(await workflowNames(value, cwd)), places: 'files'});

/** Names under `agents:`; the file is not checked, for this is only an offer. */
const agents: Source = async (_, cwd) => {
	const file = path.join(findWorkspace(cwd), '.aiworkflow', 'agents.yaml');
	const text = await readFile(file, 'utf8').catch(() => '');
	const own = /^agents:[ \t]*\n((?:[ \t]+.*\n?|\s*\n|#.*\n?)*)/m.exec(text)?.[1] ?? '';
	const indent = /^([ \t]+)[\w-]+:/m.exec(own)?.[1];
	const names =
		indent === undefined ? [] : [...own.matchAll(new RegExp(`^${indent}([\\w-]+):`, 'gm'))].map(match => match[1]!);
	return {
		candidates: [
			...[...new Set([...names, ...builtInAgents])].map(value => ({value, about: ''})),
			{value: 'auto', about: 'every built-in agent that is installed'},
			{value: 'replay', about: 'recorded answers'},
		],
	};
};

/** Inputs of the workflow that is named before, as `name=`. */
const inputs: Source = async ({args: [workflow]}, cwd) => {
	if (workflow === undefined) return nothing;
	const {findWorkflow, readWorkflow} = await import('../../workflow-files.ts');
	const {definition} = await readWorkflow(await findWorkflow(workflow, cwd));
	return {
		candidates: Object.entries(definition?.inputs ?? {}).map(([name, {description, type}]) => ({
			value: `${name}=`,
			about: description ?? type,
		})),
	};
};

/** Files or folders of the workspace that are known by their name. */
const namedIn =
	(folder: string, ending: RegExp): Source =>
	async (_, cwd) => {
		const entries = await readdir(path.join(findWorkspace(cwd), '.aiworkflow', folder)).catch(() => []);
		const names = entries.filter(name => ending.test(name)).map(name => name.replace(ending, ''));
		return {candidates: [...new Set(names)].sort().map(value => ({value, about: ''}))};
	};

const shellNames: Source = async () => ({candidates: shells.map(value => ({value, about: ''}))});
const files: Source = async () => ({candidates: [], places: 'files'});
const folders: Source = async () => ({candidates: [], places: 'folders'});

/** By the name of an argument, or of an option, or of what the value of an option is called; the first that is here. */
const sources: Readonly<Record<string, Source>> = {
	run: runs,
	step: steps,
	from: steps,
	approval: approvals,
	schedule: schedules,
	queue: queues,
	webhook: webhooks,
	workflow: workflows,
	agent: agents,
	agents,
	prefer: agents,
	exclude: agents,
	input: inputs,
	shell: shellNames,
	operation: namedIn('tools', /\.ya?ml$/),
	tool: namedIn('tools', /\.ya?ml$/),
	template: namedIn('templates', /(\.ya?ml|\.md)?$/),
	bundle: workflows,
	file: files,
	path: files,
	folder: folders,
};

export const sourceOf = ({name, option, command, choices}: Value): Source => {
	if (choices) return async () => ({candidates: choices.map(value => ({value, about: ''}))});
	// `runs list --workflow` takes the name of one that ran, not a file.
	if (option === 'workflow' && name === 'name') return workflowNames;
	// A run's own step, and an agent's own prompt, are named by the argument before.
	if (option === 'step' && command.args[0]?.name !== 'run') return async () => nothing;
	const key = [option ?? '', name].find(each => Object.hasOwn(sources, each));
	return key === undefined ? async () => nothing : sources[key]!;
};
