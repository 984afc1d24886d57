import {createInterface} from 'node:readline/promises';
import type {AgentView, Client} from '../client/client.ts';
import {agentUnknown, usageInvalid} from '../errors.ts';
import type {Output} from './output.ts';

export interface FoundAgents {
	/** Whom the first workflow asks; missing: none is installed. */
	readonly chosen?: string;
	/** Those that work, those that a person prefers first. */
	readonly installed: readonly string[];
	/** What is said of those that do not. */
	readonly missing: readonly AgentView[];
}

/**
 * Looks for agents that work. Of several a person chooses; where nobody can be asked it is the first.
 *
 * @param asked Named by `--agent`.
 * @throws AiworkflowError `agent.unknown`; `usage.invalid` for one that does not work.
 */
export const findAgents = async (
	client: Client,
	workspace: string,
	{asked, isSure, output}: {readonly asked: string | undefined; readonly isSure: boolean; readonly output: Output},
): Promise<FoundAgents> => {
	const environment = process.env as Record<string, string>;
	const {agents} = await client.checkAgents({workspace, environment});
	const thinking = agents.filter(({adapter}) => adapter !== 'replay');
	const installed = thinking
		.filter(({isHealthy, disabled}) => isHealthy && disabled === null)
		.sort((a, b) => Number(b.isPreferred) - Number(a.isPreferred))
		.map(({id}) => id);
	const missing = thinking.filter(({isHealthy}) => !isHealthy);
	const chosen = asked === undefined ? await choose(installed, isSure, output) : named(asked, thinking);
	return {...(chosen !== undefined && {chosen}), installed, missing};
};

const named = (asked: string, agents: readonly AgentView[]): string => {
	const agent = agents.find(({id}) => id === asked);
	if (!agent)
		throw agentUnknown(
			asked,
			agents.map(({id}) => id),
		);
	if (agent.isHealthy) return asked;
	throw usageInvalid(
		`Agent "${asked}" does not work here: ${agent.detail ?? 'it does not answer'}`,
		'Mend it, or leave `--agent` out.',
	);
};

const choose = async (installed: readonly string[], isSure: boolean, output: Output): Promise<string | undefined> => {
	if (installed.length < 2 || isSure || !output.isInteractive) return installed[0];
	await output.print('These agents are installed:');
	for (const [index, id] of installed.entries()) await output.print(`  ${index + 1}  ${id}`);
	const lines = createInterface({input: process.stdin, output: process.stdout});
	const closed = new AbortController();
	lines.on('close', () => closed.abort());
	try {
		for (;;) {
			const word = (await lines.question('Which one is asked first? [1] › ', {signal: closed.signal})).trim();
			const chosen = word === '' ? installed[0] : (installed.find(id => id === word) ?? installed[Number(word) - 1]);
			if (chosen !== undefined) return chosen;
			await output.print(`Type a number from 1 to ${installed.length}, then enter.`);
		}
	} catch {
		// Ctrl-d: as if nobody could be asked.
		return installed[0];
	} finally {
		lines.close();
	}
};
