import {setTimeout as delay} from 'node:timers/promises';
import type {Failure} from '../../../source/errors.ts';
import {describeExit, type ProcessExit, startProcess} from '../acp/process.ts';
import type {AgentRequest} from '../adapter.ts';
import {abortOf, within} from '../bounds.ts';
import type {End, EventSink} from './events.ts';
import {followJsonLines, type JsonLine} from './json-lines.ts';

/** A program that answers one prompt, given on its standard input, and exits; its session outlives it. */
export interface TurnProgram {
	/** What to start for the next turn, which goes on with the session, where there is one. */
	start(): {
		readonly command: string;
		readonly args: readonly string[];
		readonly environment: Readonly<Record<string, string>>;
	};
	take(message: JsonLine): void;
	/**
	 * Its process is gone. Hands on what the turn used.
	 *
	 * @param lastWords How it exited, and the end of its standard error.
	 * @returns `undefined` where the turn ended well.
	 */
	end(exit: ProcessExit | undefined, lastWords: string): Promise<Failure | undefined>;
}

/** From its start to its first word. */
const startMsMax = 60_000;
/** For it to end its turn after an interrupt, and to write down what it used. */
const cancelGraceMs = 1000;
/** For its exit to follow the end of its output. */
const exitMsMax = 1000;

/** Runs a process for each turn: the first prompt, and the repair of its outputs. */
export const turnByTurn = async (
	request: AgentRequest,
	signal: AbortSignal,
	{push, drained}: EventSink,
	program: TurnProgram,
): Promise<End> => {
	const oneTurn = async (prompt: string): Promise<End | undefined> => {
		const agent = startProcess({
			...program.start(),
			cwd: request.cwd,
			onError: chunk => request.onDiagnostic?.(chunk),
			readsInput: false,
		});
		if (agent.pid !== undefined) request.onProcess?.(agent.pid);
		agent.stdin.end(prompt);
		const begun = Promise.withResolvers<void>();
		const said = followJsonLines(agent.stdout, {
			onMessage(message) {
				begun.resolve();
				program.take(message);
			},
			onJunk: line => request.onDiagnostic?.(`[not a message] ${line.slice(0, 2000)}\n`),
			drained,
		});
		const finished = said.then(() => Promise.race([agent.exit, delay(exitMsMax, undefined, {ref: false})]));
		finished.catch(() => {});
		try {
			const begins = within(startMsMax, 'it said nothing', Promise.race([begun.promise, finished]));
			const isDone = await Promise.race([begins.then(() => finished).then(() => true), abortOf(signal)]);
			if (!isDone) {
				agent.interrupt();
				await Promise.race([finished.catch(() => {}), delay(cancelGraceMs, undefined, {ref: false})]);
			}
		} finally {
			await agent.end();
		}

		if (signal.aborted) {
			await program.end(undefined, '');
			return {t: 'end', outcome: 'cancelled'};
		}

		const exit = await finished;
		const words = [exit ? describeExit(exit) : 'it closed its output', agent.errorTail()].filter(Boolean).join(': ');
		const failure = await program.end(exit ?? undefined, words);
		return failure && {t: 'end', outcome: 'failed', failure};
	};

	let prompt: string | undefined = [request.prompt, request.instructions].filter(Boolean).join('\n\n');
	while (prompt !== undefined) {
		if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
		const ended = await oneTurn(prompt);
		if (ended) return ended;
		prompt = await Promise.race([
			new Promise<string | undefined>(reply => push({t: 'answered', reply})),
			abortOf(signal),
		]);
	}

	return {t: 'end', outcome: signal.aborted ? 'cancelled' : 'ok'};
};
