import type {AcpDialect, AcpLaunch} from './acp/dialect.ts';
import {modeFor} from './acp/dialect.ts';
import type {AgentAccess, ToolServer} from './adapter.ts';
import {type BuiltInId, catalogue} from './catalogue.ts';
import {findCommand, globalNpmFolders} from './find-command.ts';
import type {AgentSpec} from './spec.ts';
import {agentMissing, commandMissing} from './unavailable.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * How an agent of the catalogue is started over ACP: a description in agents.yaml comes before what the catalogue says.
 *
 * @param adjust What is particular to the agent: variables that depend on the environment or on the access.
 */
export const builtInDialect = (
	id: BuiltInId,
	spec: AgentSpec,
	environment: Environment,
	adjust: (launch: AcpLaunch, access: AgentAccess, tools?: ToolServer) => AcpLaunch = launch => launch,
): AcpDialect => {
	const entry = catalogue[id];
	return {
		capabilities: entry.capabilities,
		launch(access, tools) {
			const mode = modeFor(spec, access, entry.modes);
			const launch: AcpLaunch = {
				command: programOf(id, spec, environment),
				args: spec.args.length > 0 ? spec.args : entry.args,
				set: {...entry.set, ...bridgeOf(id, spec, environment), ...spec.set},
				mode,
				modelArg: spec.modelArg ?? entry.modelArg,
				modelEnv: spec.modelEnv ?? entry.modelEnv,
			};
			return adjust(launch, access, tools);
		},
		providerOf: () => entry.provider,
		remark: remarkOf(id, environment),
	};
};

/** @throws AiworkflowError `agent.unreachable`, with the command that installs it. */
const programOf = (id: BuiltInId, spec: AgentSpec, environment: Environment): string => {
	const {commands, install, title, bridges} = catalogue[id];
	if (spec.command) {
		const named = findCommand(spec.command, environment, spec.searchFolders);
		if (!named) throw commandMissing(spec.id, spec.command);
		return named;
	}

	const found = findProgram(commands, spec, environment);
	const role = bridges ? `, through which ${title} is used,` : '';
	if (!found) throw agentMissing(spec.id, `\`${commands[0]}\`${role}`, install);
	return found;
};

/** @returns The first of these programs on the PATH, in the folders of the spec, or where npm installs globally. */
export const findProgram = (commands: readonly string[], spec: AgentSpec, environment: Environment) => {
	const folders = [...(spec.searchFolders ?? []), ...globalNpmFolders(environment)];
	for (const command of commands) {
		const found = findCommand(command, environment, folders);
		if (found) return found;
	}

	return undefined;
};

/** The user's own program for a bridge that would otherwise use the one it brought along. */
const bridgeOf = (id: BuiltInId, spec: AgentSpec, environment: Environment): Record<string, string> => {
	const {bridges} = catalogue[id];
	if (!bridges || environment[bridges.variable] || spec.set[bridges.variable]) return {};
	const own = findProgram([bridges.command], spec, environment);
	return own ? {[bridges.variable]: own} : {};
};

const remarkOf = (id: BuiltInId, environment: Environment): string | null => {
	const {keys, isProven} = catalogue[id];
	const remarks = [
		...(isProven ? [] : ['Written from its documentation, not proven.']),
		...(keys.some(name => environment[name]) ? [] : [`None of ${keys.join(', ')} is set: it must be logged in.`]),
	];
	return remarks.length > 0 ? remarks.join(' ') : null;
};
