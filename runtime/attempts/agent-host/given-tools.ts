import process from 'node:process';
import {toolDeskVariable, toolsVariable} from '../../../source/given-tools.ts';
import {bridgeEntry, mainEntry} from '../../../source/install.ts';
import {type GivenTool, givenToolsText} from '../../../source/workflow/given-tools.ts';
import type {AgentCapabilities, ToolServer} from '../../agents/adapter.ts';
import {type HostRequest, hostFilesOf} from '../agent-protocol.ts';
import {bridgeName} from '../tool-bridge.ts';

/** What an agent is told of its tools, and how: as a server of MCP, or in words. */
export interface Offer {
	readonly server?: ToolServer;
	/** Below the prompt; empty: nothing. */
	readonly instructions: string;
}

/** @param address Of the desk that bridges ask; missing: the agent is given nothing. */
export const offerOf = (
	folder: string,
	{tools = []}: Pick<HostRequest, 'tools'>,
	way: AgentCapabilities['tools'],
	address: string | undefined,
): Offer => {
	if (tools.length === 0 || address === undefined) return {instructions: ''};
	if (way === 'command') return {instructions: commandInstructions(tools)};
	if (way !== 'mcp') return {instructions: ''};
	const {tools: file} = hostFilesOf(folder);
	const server = {name: bridgeName, command: process.execPath, args: [bridgeEntry, file, address]};
	return {server: {...server, tools: tools.map(({tool}) => tool)}, instructions: ''};
};

/** Also where nothing is given: a command inside the attempt then knows that it may call nothing. */
export const toolVariablesOf = (folder: string, address: string | undefined): Readonly<Record<string, string>> => ({
	[toolsVariable]: hostFilesOf(folder).tools,
	...(address !== undefined && {[toolDeskVariable]: address}),
});

const commandInstructions = (tools: readonly GivenTool[]): string => {
	const command = `${quoted(process.execPath)} ${quoted(mainEntry)} tools`;
	return [
		'---',
		`You are given these tools: ${givenToolsText(tools)}. Use them by running a command:`,
		['```sh', `${command} list`, `${command} call <tool>.<operation> --with '<arguments as JSON>'`, '```'].join('\n'),
		'The first tells which operations they have, and their arguments. The second prints the result. A call may take a while, for a person may be asked first; one that is refused says so. No other tools can be called this way.',
	].join('\n\n');
};

const quoted = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`);
