import {constants, existsSync} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {AgentView} from '../client/client.ts';
import {connect} from '../client/connect.ts';
import {failureOf} from '../errors.ts';
import {makeFolder} from '../folders.ts';
import {configFolderOf, settingsFileIn, socketPathOf, stateFolderOf} from '../paths.ts';
import {version} from '../version.ts';
import {findWorkspace} from '../workflow-files.ts';
import {disabledWords} from './agent-words.ts';
import {breakerWords} from './breaker-words.ts';
import {runtimeProblem} from './runtime-check.ts';
import {settingsProblems} from './settings-problems.ts';
import {checkTools} from './tool-checks.ts';
import type {Finding} from './verbs/doctor.ts';
import {listenerWords} from './webhook-words.ts';

type Check = (workspace: string | undefined) => Promise<readonly Finding[]>;

const checkRuntime: Check = async () => {
	const problem = runtimeProblem(process.versions.node);
	return [
		{name: 'node', status: problem ? 'fail' : 'ok', detail: problem ?? `${process.versions.node}, ${process.execPath}`},
	];
};

const checkStateFolder: Check = async () => {
	const folder = stateFolderOf();
	const name = 'state folder';
	try {
		makeFolder(folder);
		await access(folder, constants.W_OK);
		const {mode} = await stat(folder);
		const isPrivate = (mode & 0o077) === 0;
		return isPrivate
			? [{name, status: 'ok', detail: folder}]
			: [{name, status: 'warn', detail: `${folder} can be read by others`, fix: `chmod 700 ${folder}`}];
	} catch (error) {
		const detail = `${folder} cannot be written: ${(error as Error).message}`;
		return [{name, status: 'fail', detail, fix: 'Mend its permissions, or set AIWORKFLOW_HOME to a folder of yours.'}];
	}
};

const checkDaemon: Check = async () => {
	const socket = socketPathOf(stateFolderOf());
	try {
		const health = await (await connect()).health();
		const {mode} = await stat(health.socket);
		const fix = 'Stop the daemon with `aiworkflow daemon stop`; the next command starts a new one.';
		return [
			(mode & 0o077) === 0
				? {name: 'socket', status: 'ok', detail: health.socket}
				: {name: 'socket', status: 'fail', detail: `${health.socket} can be used by others`, fix},
			health.version === version
				? {name: 'daemon', status: 'ok', detail: `pid ${health.pid}, version ${version}`}
				: {name: 'daemon', status: 'warn', detail: `has version ${health.version}, this command ${version}`, fix},
			...(health.failure
				? [{name: 'journal', status: 'fail', detail: health.failure.message, fix: health.failure.suggestion} as const]
				: []),
		];
	} catch (error) {
		const {message, suggestion} = failureOf(error);
		return [{name: 'daemon', status: 'fail', detail: `${message} (${socket})`, fix: suggestion}];
	}
};

const programs: readonly (readonly [
	name: string,
	status: 'warn' | 'fail',
	versionFlag: string | undefined,
	use: string,
])[] = [
	['sh', 'fail', undefined, 'every script step needs it'],
	['git', 'warn', '--version', 'for workflows that look at a repository'],
	['bash', 'warn', '--version', 'for `bash run` steps'],
	['python3', 'warn', '--version', 'for `python run` steps'],
	['tmux', 'warn', '-V', 'for a cockpit that stays open'],
];

const checkPrograms: Check = async () =>
	Promise.all(
		programs.map(async ([name, missing, versionFlag, use]): Promise<Finding> => {
			try {
				const {stdout} = await execa(name, versionFlag ? [versionFlag] : ['-c', 'command -v sh'], {timeout: 5000});
				return {name, status: 'ok', detail: stdout.trim().split('\n')[0]!};
			} catch {
				return {name, status: missing, detail: 'not found', fix: `Install it: ${use}.`};
			}
		}),
	);

const checkWorkspace: Check = async asked => {
	const workspace = path.resolve(asked ?? findWorkspace(process.cwd()));
	try {
		const client = await connect();
		const [{isTrusted, files, triggerProblems}, {agents}] = await Promise.all([
			client.workspace(workspace),
			client.checkAgents({workspace, environment: process.env as Record<string, string>}),
		]);
		return [
			isTrusted || files.length === 0
				? {name: 'workspace', status: 'ok', detail: workspace}
				: {
						name: 'workspace',
						status: 'warn',
						detail: `${workspace} is not trusted`,
						fix: 'Read the files under .aiworkflow/, then run `aiworkflow trust`.',
					},
			...triggerProblems.map(
				({workflow, trigger, failure: {message: detail, suggestion: fix}}): Finding => ({
					...{name: `trigger ${workflow} ${trigger}`, status: 'warn', detail, fix},
				}),
			),
			...agents.filter(agent => !isAbsent(agent)).map(findingOfAgent),
			...findingsOfAbsent(agents.filter(isAbsent)),
		];
	} catch (error) {
		return [{name: 'workspace', status: 'warn', detail: failureOf(error).message}];
	}
};

/** A built-in agent that is not installed is no trouble: nobody said that it is wanted. */
const isAbsent = ({id, adapter, isHealthy, detail}: AgentView): boolean =>
	id === adapter && !isHealthy && /is not installed/.test(detail ?? '');

const findingsOfAbsent = (agents: readonly AgentView[]): readonly Finding[] =>
	agents.length === 0
		? []
		: [
				{
					name: 'other agents',
					status: 'ok',
					detail: `not installed: ${agents.map(({id}) => id).join(', ')}; \`aiworkflow agents info <name>\` says how`,
				},
			];

const findingOfAgent = ({id, isHealthy, version: agentVersion, detail, breaker, disabled}: AgentView): Finding => {
	const isOpen = breaker?.state === 'open';
	const words = [agentVersion, disabledWords(disabled), detail, breakerWords(breaker)].filter(Boolean).join(', ');
	return {
		name: `agent ${id}`,
		status: isHealthy && !isOpen ? 'ok' : 'warn',
		detail: words || (isHealthy ? 'ready' : 'cannot be used'),
		fix: isHealthy
			? isOpen
				? 'Look at why with `aiworkflow daemon logs`; it is tried again by itself.'
				: undefined
			: // What is not installed says itself how to install it.
				detail?.includes('Install it with')
				? undefined
				: 'Check its command in .aiworkflow/agents.yaml.',
	};
};

const checkWebhooks: Check = async () => {
	const name = 'webhooks';
	try {
		const {listener, webhooks} = await (await connect()).webhooks();
		const ready = webhooks.filter(({state}) => state === 'ready').length;
		const detail = `${listenerWords(listener)}; ${ready} of ${webhooks.length} ready`;
		const isMissed = listener.address === null ? ready > 0 : !listener.isListening;
		const first: Finding = isMissed
			? {name, status: 'warn', detail, fix: 'Turn the listener on with `aiworkflow webhook start`.'}
			: {name, status: 'ok', detail};
		const troubles = webhooks.flatMap(({detail: trouble, path: asked, file}): Finding[] =>
			trouble === null ? [] : [{name: `webhook ${asked}`, status: 'warn', detail: file, fix: trouble}],
		);
		return listener.address === null && webhooks.length === 0
			? [{name, status: 'ok', detail: 'off'}]
			: [first, ...troubles];
	} catch (error) {
		return [{name, status: 'warn', detail: failureOf(error).message}];
	}
};

const checkSettings: Check = async asked => {
	const name = 'settings';
	const own = settingsFileIn(configFolderOf());
	const workspace = path.resolve(asked ?? findWorkspace(process.cwd()));
	const problems = await settingsProblems(own, path.join(workspace, '.aiworkflow', 'aiworkflow.yaml'));
	if (problems.length === 0) return [{name, status: 'ok', detail: existsSync(own) ? own : `none of your own (${own})`}];
	return problems.map(({file, line, column, message, suggestion}) => ({
		name,
		status: 'warn',
		detail: `${file}:${line}:${column}: ${message}`,
		fix: suggestion,
	}));
};

/** Of all workspaces: what starts itself, and what keeps it from that. */
const checkTriggers: Check = async () => {
	const name = 'triggers';
	try {
		const {workspaces, triggers} = await (await connect()).triggers();
		if (workspaces.length === 0)
			return [{name, status: 'ok', detail: 'no workspace is armed; `aiworkflow trust` arms the triggers of one'}];
		const findings = workspaces.flatMap(({workspace, waitsForTrust, invalid}): readonly Finding[] => {
			const own = triggers.filter(trigger => trigger.workspace === workspace);
			const count = own.length === 1 ? '1 trigger' : `${own.length} triggers`;
			const kinds = [...new Set(own.map(({kind}) => kind))].join(', ');
			return [
				waitsForTrust
					? {
							name,
							status: 'warn',
							detail: `${workspace} fires nothing: its files changed since a person trusted it`,
							fix: `Read the files under .aiworkflow/, then run \`aiworkflow trust --workspace ${workspace}\`.`,
						}
					: {name, status: 'ok', detail: `${workspace}: ${count}${kinds ? ` (${kinds})` : ''}`},
				...invalid.map(
					({file, message}): Finding => ({
						...{name, status: 'warn', detail: `${file} starts nothing: ${message}`},
						fix: 'See all of it with `aiworkflow workflow validate`.',
					}),
				),
			];
		});
		const isAny = triggers.length > 0;
		const detail = 'they fire only while a daemon runs; `aiworkflow daemon unit` prints what keeps one running';
		return [...findings, ...(isAny ? [{name, status: 'ok', detail} as const] : [])];
	} catch (error) {
		return [{name, status: 'warn', detail: failureOf(error).message}];
	}
};

export const checks: readonly Check[] = [
	checkRuntime,
	checkStateFolder,
	checkSettings,
	checkDaemon,
	checkPrograms,
	checkWorkspace,
	checkTools,
	checkTriggers,
	checkWebhooks,
];
