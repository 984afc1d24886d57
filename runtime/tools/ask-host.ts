import process from 'node:process';
import {toolHostEntry} from '../../source/install.ts';
import {limits} from '../../source/limits.ts';
import {startChild, whileAlive} from './child.ts';
import {toolAnswerTooLarge, toolUnreachable} from './failures.ts';
import type {ToolHostReport, ToolHostRequest} from './host-protocol.ts';

/**
 * Has one call done, or one look taken, by a process of its own: nothing of a tool is loaded here.
 *
 * @param environment The whole of it.
 * @throws AiworkflowError `tool.unreachable` where that process dies; the reason of the signal.
 */
export const askToolHost = async (
	request: ToolHostRequest,
	environment: Readonly<Record<string, string>>,
	signal: AbortSignal,
): Promise<ToolHostReport> => {
	const tool = request.definition.name;
	const child = await startChild({
		...{tool, environment, cwd: request.cwd},
		command: process.execPath,
		args: [toolHostEntry],
		// It has to end what it started itself.
		graceMs: 2 * limits.toolKillGraceMs,
	});
	const pieces: Buffer[] = [];
	let size = 0;
	const answer = Promise.withResolvers<ToolHostReport>();
	child.stdout.on('data', (piece: Buffer) => {
		size += piece.length;
		if (size <= 4 * limits.toolAnswerBytesMax) pieces.push(piece);
		else answer.reject(toolAnswerTooLarge(tool));
	});
	void child.ended.then(() => {
		try {
			answer.resolve(JSON.parse(Buffer.concat(pieces).toString('utf8')) as ToolHostReport);
		} catch (error) {
			answer.reject(toolUnreachable(tool, 'took its process along', child.lastWords(), error));
		}
	});
	child.stdin.end(JSON.stringify(request));
	try {
		return await whileAlive(child, signal, answer.promise);
	} finally {
		void child.end();
	}
};
