import {access, constants, stat} from 'node:fs/promises';
import path from 'node:path';
import {client} from '@agentclientprotocol/sdk';
import {execa} from 'execa';
import type {AgentHealth} from '../../../source/api/messages.ts';
import type {AgentSpec} from '../spec.ts';
import {messageStream} from './messages.ts';
import {describeExit, startProcess} from './process.ts';
import {initialize} from './session.ts';

type Environment = Readonly<Record<string, string>>;

const versionMsMax = 10_000;
const initializeMsMax = 20_000;

/** Quick: found on the PATH of that environment and tells its version. Deep: also answers `initialize`. */
export const acpHealth = async (
	spec: AgentSpec,
	environment: Environment,
	depth: 'quick' | 'deep',
): Promise<AgentHealth> => {
	const command = spec.command ?? spec.id;
	const health = {id: spec.id, adapter: spec.adapter, command: [command, ...spec.args].join(' ')};
	const file = await findCommand(command, environment);
	if (!file)
		return {...health, isHealthy: false, version: null, detail: `The command "${command}" is not on the PATH.`};
	const {version, problem} = await askVersion(file, {...environment, ...spec.set});
	const unset = spec.env.filter(name => !environment[name]);
	const remark = unset.length > 0 ? `Not set: ${unset.join(', ')}.` : null;
	if (problem || depth === 'quick') return {...health, isHealthy: !problem, version, detail: problem ?? remark};
	const deepProblem = await tryInitialize(spec, file, environment);
	return {...health, isHealthy: !deepProblem, version, detail: deepProblem ?? remark};
};

/** @returns The file a command name stands for, in the environment of a run rather than ours. */
export const findCommand = async (command: string, environment: Environment): Promise<string | undefined> => {
	const candidates = command.includes('/')
		? [path.resolve(command)]
		: (environment.PATH ?? '')
				.split(path.delimiter)
				.filter(Boolean)
				.map(folder => path.join(folder, command));
	for (const file of candidates) if (await isProgram(file)) return file;
	return undefined;
};

const isProgram = async (file: string) => {
	try {
		await access(file, constants.X_OK);
		return (await stat(file)).isFile();
	} catch {
		return false;
	}
};

const askVersion = async (
	file: string,
	environment: Environment,
): Promise<{readonly version: string | null; readonly problem?: string}> => {
	const {stdout, stderr, failed, timedOut, shortMessage} = await execa(file, ['--version'], {
		env: environment,
		extendEnv: false,
		stdin: 'ignore',
		timeout: versionMsMax,
		killSignal: 'SIGKILL',
		maxBuffer: 1024 * 1024,
		reject: false,
	});
	const version = firstLineOf(stdout) ?? null;
	if (!failed) return {version};
	const detail = timedOut ? `did not answer within ${versionMsMax / 1000} s` : (firstLineOf(stderr) ?? shortMessage);
	return {version, problem: `\`${path.basename(file)} --version\` failed: ${detail}`};
};

const firstLineOf = (text: string): string | undefined => {
	const line = text.trim().split('\n')[0]?.trim();
	return line ? line.slice(0, 200) : undefined;
};

/** @returns What is wrong, `undefined` where the agent speaks the protocol. */
const tryInitialize = async (spec: AgentSpec, file: string, environment: Environment): Promise<string | undefined> => {
	const agent = startProcess({
		command: file,
		args: spec.args,
		cwd: environment.HOME ?? '/',
		environment: {...environment, ...spec.set},
		onError: () => {},
	});
	const stream = messageStream(agent.stdin, agent.stdout, {
		onUpdate: () => {},
		onJunk: () => {},
		drained: () => Promise.resolve(),
	});
	const connection = client({name: 'aiworkflow'}).connect(stream);
	let timer: NodeJS.Timeout | undefined;
	const late = new Promise<string>(resolve => {
		timer = setTimeout(
			() => resolve(`It did not answer \`initialize\` within ${initializeMsMax / 1000} s.`),
			initializeMsMax,
		);
	});
	const answer = initialize(connection.agent).then(
		({protocolVersion}) =>
			protocolVersion === 1 ? undefined : `It speaks version ${protocolVersion} of the protocol, not 1.`,
		async (error: unknown) => {
			if (!connection.signal.aborted) return `\`initialize\` failed: ${error instanceof Error ? error.message : error}`;
			return `It does not speak the protocol: ${[describeExit(await agent.exit), agent.errorTail()].filter(Boolean).join(': ')}`;
		},
	);
	try {
		return await Promise.race([answer, late]);
	} finally {
		clearTimeout(timer);
		await agent.end();
		connection.close();
	}
};
