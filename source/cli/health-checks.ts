import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import path from 'node:path';
import {execa} from 'execa';
import type {AgentView} from '../client/client.ts';
import {connect} from '../client/connect.ts';
import {failureOf} from '../errors.ts';
import {makeFolder} from '../folders.ts';
import {socketPathOf, stateFolderOf} from '../paths.ts';
import {version} from '../version.ts';
import {findWorkspace} from '../workflow-files.ts';
import {breakerWords} from './breaker-words.ts';
import {runtimeProblem} from './runtime-check.ts';
import type {Finding} from './verbs/doctor.ts';

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
		const [{isTrusted, files}, {agents}] = await Promise.all([client.workspace(workspace), client.agents(workspace)]);
		return [
			isTrusted || files.length === 0
				? {name: 'workspace', status: 'ok', detail: workspace}
				: {
						name: 'workspace',
						status: 'warn',
						detail: `${workspace} is not trusted`,
						fix: 'Read the files under .aiworkflow/, then run `aiworkflow trust`.',
					},
			...agents.map(findingOfAgent),
		];
	} catch (error) {
		return [{name: 'workspace', status: 'warn', detail: failureOf(error).message}];
	}
};

const findingOfAgent = ({id, isHealthy, version: agentVersion, detail, breaker}: AgentView): Finding => {
	const isOpen = breaker?.state === 'open';
	const words = [agentVersion, detail, breakerWords(breaker)].filter(Boolean).join(', ');
	return {
		name: `agent ${id}`,
		status: isHealthy && !isOpen ? 'ok' : 'warn',
		detail: words || (isHealthy ? 'ready' : 'cannot be used'),
		fix: isHealthy
			? isOpen
				? 'Look at why with `aiworkflow daemon logs`; it is tried again by itself.'
				: undefined
			: 'Check its command in .aiworkflow/agents.yaml.',
	};
};

export const checks: readonly Check[] = [checkRuntime, checkStateFolder, checkDaemon, checkPrograms, checkWorkspace];
