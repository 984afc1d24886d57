import path from 'node:path';
import {client} from '@agentclientprotocol/sdk';
import {execa} from 'execa';
import type {AgentHealth} from '../../../source/api/messages.ts';
import {failureOf} from '../../../source/errors.ts';
import type {AgentSpec} from '../spec.ts';
import type {AcpDialect, AcpLaunch} from './dialect.ts';
import {messageStream} from './messages.ts';
import {describeExit, startProcess} from './process.ts';
import {initialize} from './session.ts';

type Environment = Readonly<Record<string, string>>;

const versionMsMax = 10_000;
const initializeMsMax = 20_000;

/** Quick: everything it needs is found, and it tells its version. Deep: also answers `initialize`. */
export const acpHealth = async (
	spec: AgentSpec,
	environment: Environment,
	dialect: AcpDialect,
	depth: 'quick' | 'deep',
): Promise<AgentHealth> => {
	const named = {id: spec.id, adapter: spec.adapter, command: [spec.command ?? spec.id, ...spec.args].join(' ')};
	let launch: AcpLaunch;
	try {
		launch = dialect.launch('ask');
	} catch (error) {
		const {message, suggestion} = failureOf(error);
		const reason = message.replace(/^Agent "[^"]*" cannot be started: /, '');
		return {...named, isHealthy: false, version: null, detail: [reason, suggestion].filter(Boolean).join(' ')};
	}

	const health = {...named, command: [spec.command ?? path.basename(launch.command), ...launch.args].join(' ')};
	const {version, problem} = await askVersion(launch.command, {...environment, ...launch.set});
	const remark = dialect.remark ?? null;
	if (problem || depth === 'quick') return {...health, isHealthy: !problem, version, detail: problem ?? remark};
	const deepProblem = await tryInitialize(launch, environment);
	return {...health, isHealthy: !deepProblem, version, detail: deepProblem ?? remark};
};

/** What a program answers to `--version`. */
export const askVersion = async (
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
const tryInitialize = async (launch: AcpLaunch, environment: Environment): Promise<string | undefined> => {
	const agent = startProcess({
		command: launch.command,
		args: launch.args,
		cwd: environment.HOME ?? '/',
		environment: {...environment, ...launch.set},
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
