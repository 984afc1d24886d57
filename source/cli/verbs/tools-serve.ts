import {spawn} from 'node:child_process';
import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {connect} from '../../client/connect.ts';
import {bridgeEntry} from '../../install.ts';
import {workspaceOf} from '../agent-words.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/**
 * A server of MCP for any client, made of the tools of this workspace. It is told which tools there are once, and opens them
 * in a process of its own; nobody is asked before a call but whom the client asks.
 */
export const serveTools: Verb<typeof tables.toolsServe> = async ({options}) => {
	const client = await connect();
	const served = await client.serveTools({
		workspace: workspaceOf(options),
		bundle: options.bundle === undefined ? undefined : path.resolve(options.bundle),
		tools: options.tool && [...options.tool],
		environment: process.env as Record<string, string>,
	});
	const folder = await mkdtemp(path.join(tmpdir(), 'aiworkflow-serve-'));
	try {
		const file = path.join(folder, 'tools.json');
		await writeFile(file, JSON.stringify(served), {mode: 0o600});
		return await serve(file);
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** Ends with its client, or with a signal. */
const serve = (file: string): Promise<ExitCode> =>
	new Promise((resolve, reject) => {
		const bridge = spawn(process.execPath, [bridgeEntry, file, '-'], {stdio: 'inherit'});
		for (const signal of signals) process.on(signal, () => bridge.kill(signal));
		bridge.once('error', reject);
		bridge.once('exit', code => resolve(code === 0 ? exitCodes.done : exitCodes.failed));
	});
