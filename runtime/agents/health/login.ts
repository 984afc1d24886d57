import path from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import {execa} from 'execa';
import type {LoginState} from '../../../source/api/messages.ts';
import {findProgram} from '../built-in-dialect.ts';
import {findCommand} from '../find-command.ts';
import type {AgentSpec} from '../spec.ts';

type Environment = Readonly<Record<string, string>>;

const loginMsMax = 10_000;

interface Answer {
	readonly exitCode: number | undefined;
	readonly stdout: string;
	readonly environment: Environment;
}

interface LoginCheck {
	/** Of the command line program, unless the agent itself is that program. */
	readonly command: string;
	/** A variable that names another file to run. */
	readonly fileVariable?: string;
	readonly args: readonly string[];
	readonly stateOf: (answer: Answer) => LoginState;
}

/**
 * The programs that tell whether somebody is logged in, and how; seen on 21 November 2026 with Claude Code, Codex and
 * OpenCode. None of them asks its provider: that a login works, only a model call proves.
 */
const checks: Readonly<Record<string, LoginCheck>> = {
	claude: {
		command: 'claude',
		fileVariable: 'CLAUDE_CODE_EXECUTABLE',
		args: ['auth', 'status'],
		stateOf: ({stdout}) => {
			const isLoggedIn = loggedInOf(stdout);
			return isLoggedIn === undefined ? 'unknown' : isLoggedIn ? 'in' : 'out';
		},
	},
	codex: {
		command: 'codex',
		fileVariable: 'CODEX_PATH',
		args: ['login', 'status'],
		// It looks at its own login only, not at a key in the environment, with which it works as well.
		stateOf: ({exitCode, environment}) => {
			if (exitCode === 0) return 'in';
			const hasKey = Boolean(environment.CODEX_API_KEY ?? environment.OPENAI_API_KEY);
			return exitCode === 1 && !hasKey ? 'out' : 'unknown';
		},
	},
	opencode: {
		command: 'opencode',
		args: ['providers', 'list'],
		// Without a credential it may still use a local model, or a provider of its configuration.
		stateOf: ({stdout}) => {
			const text = stripVTControlCharacters(stdout);
			return /\b[1-9]\d* (?:credentials?|environment variables?)\b/.test(text) ? 'in' : 'unknown';
		},
	},
};

const aliases: Readonly<Record<string, string>> = {'claude-agent-acp': 'claude', 'codex-acp': 'codex'};

/** @returns Whether an agent says that somebody is logged in; never rejects. */
export const loginOf = async (spec: AgentSpec, environment: Environment): Promise<LoginState> => {
	const name = path.basename(spec.command ?? spec.id);
	const program = aliases[name] ?? name;
	const check = checks[spec.adapter] ?? (spec.adapter === 'acp' ? checks[program] : undefined);
	if (!check) return 'unknown';
	const all = {...environment, ...spec.set};
	const file = fileOf(check, spec, all);
	if (!file) return 'unknown';
	const {exitCode, stdout, timedOut} = await execa(file, check.args, {
		env: all,
		extendEnv: false,
		stdin: 'ignore',
		timeout: loginMsMax,
		killSignal: 'SIGKILL',
		maxBuffer: 1024 * 1024,
		reject: false,
	});
	return timedOut ? 'unknown' : check.stateOf({exitCode, stdout, environment: all});
};

/** The one that an adapter will use. */
const fileOf = ({command, fileVariable}: LoginCheck, spec: AgentSpec, environment: Environment): string | undefined => {
	const isItself = spec.command !== undefined && path.basename(spec.command) === command;
	const named = isItself ? spec.command : fileVariable && environment[fileVariable];
	return named ? findCommand(named, environment, spec.searchFolders) : findProgram([command], spec, environment);
};

const loggedInOf = (stdout: string): boolean | undefined => {
	try {
		const {loggedIn} = JSON.parse(stdout) as {loggedIn?: unknown};
		return typeof loggedIn === 'boolean' ? loggedIn : undefined;
	} catch {
		return undefined;
	}
};
