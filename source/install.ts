import {existsSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';

/** The folder of the installed package: the nearest one above this file that holds a package.json. */
export const packageFolder: string = (() => {
	let folder = path.dirname(fileURLToPath(import.meta.url));
	while (!existsSync(path.join(folder, 'package.json')) && path.dirname(folder) !== folder)
		folder = path.dirname(folder);
	return folder;
})();

/** Files that are started as processes of their own, by path. */
export const mainEntry = path.join(packageFolder, 'dist/source/main.js');
/** What can be typed, made by the build from the commands themselves. */
export const commandTreeFile = path.join(packageFolder, 'dist/commands.json');
export const daemonEntry = path.join(packageFolder, 'dist/runtime/main.js');
export const agentHostEntry = path.join(packageFolder, 'dist/runtime/attempts/agent-host.js');
/** Gives tools to agents, as a server of MCP. */
export const bridgeEntry = path.join(packageFolder, 'dist/runtime/tools/bridge.js');
/** Loads one module that is a tool. */
export const moduleHostEntry = path.join(packageFolder, 'dist/runtime/tools/module-host.js');
/** Opens one tool for one call that no step makes. */
export const toolHostEntry = path.join(packageFolder, 'dist/runtime/tools/tool-host.js');
/** Keeps one server of a tool open between calls. */
export const toolServerEntry = path.join(packageFolder, 'dist/runtime/tools/mcp/server-host.js');
export const directHostEntry = path.join(packageFolder, 'dist/runtime/attempts/direct-host.js');
export const supervisorScript = path.join(packageFolder, 'dist/runtime/attempts/supervisor.sh');
/** Settings for an agent that takes them from a file only. */
export const geminiDefaults = path.join(packageFolder, 'dist/runtime/agents/gemini-defaults.json');
