import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {afterAll} from 'vitest';
import {callTool, type ToolCallReport} from '../../../runtime/tools/call.ts';
import {endOpenServers, openServersIn} from '../../../runtime/tools/open-servers.ts';
import {createPlaces} from '../../../runtime/tools/places.ts';
import {packageFolder} from '../../../source/install.ts';
import {parseTool} from '../../../source/tools/parse.ts';

export const badServer = path.join(packageFolder, 'test/tools/bad-server.js');
export const everything = path.join(
	packageFolder,
	'node_modules/@modelcontextprotocol/server-everything/dist/index.js',
);

/** Workspaces of the tests of one file. */
const made: string[] = [];
const serversOf = (workspace: string) => path.join(workspace, 'servers');
afterAll(async () => {
	for (const workspace of made) endOpenServers(serversOf(workspace));
	const isOpen = (workspace: string) => openServersIn(serversOf(workspace)).length > 0;
	await until(() => !made.some(isOpen), 'the end of all servers');
	for (const workspace of made) rmSync(workspace, {recursive: true, force: true, maxRetries: 5, retryDelay: 100});
});

interface Asked {
	readonly operation?: string;
	readonly with?: Record<string, unknown>;
	readonly signal?: AbortSignal;
	readonly secrets?: Record<string, string>;
	readonly environment?: Record<string, string>;
}

/** A workspace of its own, with one tool; everything that was started ends with the tests of the file. */
export const toolPlace = (text: string, files: Readonly<Record<string, string>> = {}) => {
	const workspace = mkdtempSync(path.join(tmpdir(), 'aw-tools-'));
	const serversFolder = serversOf(workspace);
	const folder = path.join(workspace, '.aiworkflow/tools');
	mkdirSync(folder, {recursive: true});
	for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content, {mode: 0o755});
	const {definition, diagnostics} = parseTool(text, path.join(folder, 'it.yaml'));
	if (!definition) throw new Error(JSON.stringify(diagnostics, null, 1));
	made.push(workspace);
	const call = async ({operation = '', with: given = {}, signal, secrets = {}, environment}: Asked = {}) => {
		const surroundings = {
			...{workspace, cwd: workspace, secrets, serversFolder},
			environment: {PATH: process.env.PATH!, HOME: workspace, ...environment},
		};
		return callTool(
			{
				...{definition, implementations: definition.implementations},
				call: {operation, arguments: given},
				placeOf: createPlaces(definition, surroundings),
			},
			signal ?? new AbortController().signal,
		);
	};
	return {workspace, folder, serversFolder, call};
};

/** @returns Code and message of the failure. */
export const failureIn = ({failure}: ToolCallReport): string =>
	failure ? `${failure.code}: ${failure.message}` : 'none';

/** @returns When the condition holds. */
export const until = async (condition: () => boolean, what: string): Promise<void> => {
	const endMs = Date.now() + 15_000;
	while (!condition()) {
		if (Date.now() > endMs) throw new Error(`${what} did not happen`);
		await new Promise(resolve => setTimeout(resolve, 20));
	}
};

export const isAlive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};
