import path from 'node:path';
import type {AgentHealth} from '../../../source/api/messages.ts';
import {failureOf} from '../../../source/errors.ts';
import {askVersion} from '../acp/health.ts';
import {findProgram} from '../built-in-dialect.ts';
import {type BuiltInId, catalogue} from '../catalogue.ts';
import {findCommand} from '../find-command.ts';
import type {AgentSpec} from '../spec.ts';
import {agentMissing, commandMissing} from '../unavailable.ts';

type Environment = Readonly<Record<string, string>>;

/**
 * The agent's own program, rather than its bridge to ACP.
 *
 * @param name Under which it is looked for, unless agents.yaml names another.
 * @throws AiworkflowError `agent.unreachable`, with the command that installs it.
 */
export const programOf = (id: BuiltInId, name: string, spec: AgentSpec, environment: Environment): string => {
	if (spec.command) {
		const named = findCommand(spec.command, environment, spec.searchFolders);
		if (!named) throw commandMissing(spec.id, spec.command);
		return named;
	}

	const {bridges, install} = catalogue[id];
	const chosen = bridges && (spec.set[bridges.variable] ?? environment[bridges.variable]);
	const found = chosen || findProgram([name], spec, environment);
	if (!found) throw agentMissing(spec.id, `\`${name}\``, bridges?.install ?? install);
	return found;
};

/** Whether its program is there and tells its version. It opens no protocol that could be tried without a model call. */
export const headlessHealth = async (
	id: BuiltInId,
	name: string,
	spec: AgentSpec,
	environment: Environment,
): Promise<AgentHealth> => {
	const about = {id: spec.id, adapter: spec.adapter};
	try {
		const program = programOf(id, name, spec, environment);
		const {version, problem} = await askVersion(program, {...environment, ...catalogue[id].set, ...spec.set});
		const command = spec.command ?? path.basename(program);
		return {...about, command, isHealthy: !problem, version, detail: problem ?? remarkOf(id, environment)};
	} catch (error) {
		const {message, suggestion} = failureOf(error);
		const reason = message.replace(/^Agent "[^"]*" cannot be started: /, '');
		const detail = [reason, suggestion].filter(Boolean).join(' ');
		return {...about, command: spec.command ?? name, isHealthy: false, version: null, detail};
	}
};

const remarkOf = (id: BuiltInId, environment: Environment): string => {
	const {keys} = catalogue[id];
	const isKeyed = keys.some(name => environment[name]);
	return isKeyed ? 'Headless.' : `Headless. None of ${keys.join(', ')} is set: it must be logged in.`;
};
