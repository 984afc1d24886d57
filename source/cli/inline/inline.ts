import type {Client, StreamMessage} from '../../client/client.ts';
import {createReconnect} from '../../client/reconnect.ts';
import type {JournalEvent} from '../../run/events.ts';
import {journalEventOf} from '../../run/wire.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {watchInterrupts} from '../interrupts.ts';
import type {Output} from '../output.ts';
import {followAll} from './follow-all.ts';
import {spokenLine} from './spoken.ts';
import {createTeller, type Teller} from './teller.ts';

export interface InlineOptions {
	readonly output: Output;
	/** Words in place of glyphs: for a screen reader, or a terminal of plain characters. */
	readonly isSpoken: boolean;
	/** Default: a client that comes back after each loss. */
	readonly connect?: () => Promise<Client>;
}

/** Lines as things happen, in all runs, until ctrl-c. Reads no keys: the command that answers a question is printed. */
export const showInline = async ({output, isSpoken, connect = createReconnect()}: InlineOptions): Promise<ExitCode> => {
	const interrupts = watchInterrupts();
	const teller = createTeller(output);
	const print = async (lines: readonly string[], atMs?: number): Promise<void> => {
		const time = atMs === undefined || isSpoken ? '' : `${output.paint.dim(clockOf(atMs))}  `;
		for (const line of lines)
			await output.print(isSpoken ? spokenLine(line) : `${line.startsWith(' ') ? '' : time}${line}`);
	};

	try {
		const onAway = (isAway: boolean) => output.note(isAway ? awayText : 'The daemon is back.');
		const take = async (client: Client, message: StreamMessage): Promise<void> => {
			if (message.kind === 'snapshot') await print(teller.takeSnapshot(message.data));
			if (message.kind !== 'journal') return;
			const event = journalEventOf(message.data);
			await print(teller.takeEvent(event) ?? (await fetched(client, event, teller)), event.atMs);
		};
		await followAll({connect, signal: interrupts.signal, take, onAway});
		return exitCodes.interrupted;
	} finally {
		interrupts.dispose();
	}
};

const awayText = 'The daemon is gone; runs that it had begun go on. Waiting for it.';

/** A run that was opened again, or was too old for the snapshot. */
const fetched = async (client: Client, event: JournalEvent, teller: Teller): Promise<string[]> => {
	try {
		return teller.takeRun(await client.runState(event.runId!), event);
	} catch (error) {
		// It was pruned meanwhile: there is nothing left to tell of it.
		if ((error as {code?: unknown}).code === 'run.not-found') return [];
		throw error;
	}
};

const clockOf = (atMs: number): string => {
	const pad = (value: number) => String(value).padStart(2, '0');
	const at = new Date(atMs);
	return `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
};
