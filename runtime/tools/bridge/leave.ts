import {randomUUID} from 'node:crypto';
import {createConnection} from 'node:net';
import {createInterface} from 'node:readline';
import {AiworkflowError} from '../../../source/errors.ts';
import type {BridgeMessage, HostMessage} from '../../attempts/tool-bridge.ts';

export interface WantedCall {
	readonly tool: string;
	readonly operation: string;
	readonly isReadOnly: boolean;
	readonly arguments: Readonly<Record<string, unknown>>;
}

/** Whom the bridge asks before a call, and tells what came of it. */
export interface Leave {
	/**
	 * @returns What to call when the call begins; it gives back what to call when it has ended.
	 * @throws AiworkflowError `tool.refused`; the reason of the signal where that is aborted: the question stays open then, and
	 * the same call asks for its answer again instead of asking anew, for agents give up waiting before people have decided.
	 */
	ask(call: WantedCall, signal: AbortSignal): Promise<() => (code?: string) => void>;
	warn(message: string): void;
	close(): void;
}

/** Where nobody has to be asked: a person serves tools of their own. */
export const freeLeave: Leave = {
	ask: async () => () => () => {},
	warn: message => void process.stderr.write(`${message}\n`),
	close() {},
};

/** @param address Path of the socket of the agent host. */
export const connectLeave = (address: string): Leave => {
	const socket = createConnection(address);
	const waiting = new Map<string, (message: HostMessage) => void>();
	/** Questions by the call they are about, until somebody has heard their answer. */
	const questions = new Map<string, Promise<HostMessage>>();
	const gone: HostMessage = {t: 'leave', id: '', isAllowed: false, why: 'Nobody can be asked any more.'};
	let isGone = false;
	const send = (message: BridgeMessage) => {
		if (!isGone) socket.write(`${JSON.stringify(message)}\n`);
	};

	createInterface({input: socket}).on('line', line => {
		const message = JSON.parse(line) as HostMessage;
		waiting.get(message.id)?.(message);
		waiting.delete(message.id);
	});
	socket.on('error', () => {});
	socket.on('close', () => {
		isGone = true;
		for (const answer of waiting.values()) answer(gone);
		waiting.clear();
	});

	const question = (call: WantedCall): Promise<HostMessage> => {
		if (isGone) return Promise.resolve(gone);
		const id = randomUUID();
		return new Promise(resolve => {
			waiting.set(id, resolve);
			send({t: 'ask', id, ...call});
		});
	};

	return {
		async ask(call, signal) {
			const key = JSON.stringify([call.tool, call.operation, call.arguments]);
			const asked = questions.get(key) ?? question(call);
			questions.set(key, asked);
			const answer = await unlessAborted(asked, signal);
			// One answer is for one call, also where two wait for it.
			if (questions.get(key) !== asked) return this.ask(call, signal);
			questions.delete(key);
			const {id, isAllowed, why} = answer;
			if (!isAllowed) throw refused(call, why);
			return () => {
				const startedAtMs = performance.now();
				send({t: 'begun', id});
				return code => send({t: 'ended', id, code, durationMs: Math.round(performance.now() - startedAtMs)});
			};
		},
		warn: message => send({t: 'warning', message}),
		close() {
			socket.destroy();
		},
	};
};

const unlessAborted = <Value>(work: Promise<Value>, signal: AbortSignal): Promise<Value> =>
	new Promise((resolve, reject) => {
		const onAbort = () => reject(signal.reason as Error);
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort, {once: true});
		void work.then(value => {
			signal.removeEventListener('abort', onAbort);
			resolve(value);
		});
	});

const refused = ({tool, operation}: WantedCall, why = 'It was not allowed.') =>
	new AiworkflowError({
		code: 'tool.refused',
		message: `${tool}.${operation} was not called: ${why}`,
		suggestion: 'Go on without it, and say what you could not do.',
	});
