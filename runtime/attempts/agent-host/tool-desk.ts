import {mkdtempSync, rmSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {createInterface} from 'node:readline';
import {limits} from '../../../source/limits.ts';
import type {AgentEvent} from '../../agents/adapter.ts';
import type {BridgeMessage, HostMessage} from '../tool-bridge.ts';
import type {Desk} from './desk.ts';

/** Answers the bridges of one attempt: whether a given tool may be called now. */
export interface ToolDesk {
	/** Path of its socket. */
	readonly address: string;
	/** Before the agent starts. */
	attend(desk: Pick<Desk, 'handle' | 'callBegan' | 'callEnded'>): void;
	close(): void;
}

type Ask = Extract<BridgeMessage, {t: 'ask'}>;
type Approval = Extract<AgentEvent, {t: 'approval'}>;

interface ToolDeskParts {
	readonly desk: Pick<Desk, 'handle' | 'callBegan' | 'callEnded'>;
	readonly isReadOnly: boolean;
}

/** @param isReadOnly Whether the agent may only read. */
export const openToolDesk = async (isReadOnly: boolean): Promise<ToolDesk> => {
	const folder = mkdtempSync(path.join(shortTemporaryFolder(), 'aiworkflow-tools-'));
	const address = path.join(folder, 'desk.sock');
	const counts = {asked: 0, connections: 0};
	const open = new Set<Socket>();
	let desk: ToolDeskParts['desk'] | undefined;
	const server = createServer(socket => {
		if (!desk) return void socket.destroy();
		open.add(socket);
		const talk = createConversation({desk, isReadOnly}, `t${++counts.connections}`, counts, message => {
			if (socket.writable) socket.write(`${JSON.stringify(message)}\n`);
		});
		createInterface({input: socket}).on('line', line => {
			const message = parsed(line);
			if (message) talk.take(message);
		});
		socket.on('error', () => {});
		socket.on('close', () => {
			open.delete(socket);
			talk.end();
		});
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(address, resolve);
	});
	return {
		address,
		attend(attempt) {
			desk = attempt;
		},
		close() {
			server.close();
			for (const socket of open) socket.destroy();
			rmSync(folder, {recursive: true, force: true});
		},
	};
};

/** A socket's path has room for about 100 bytes. */
const shortTemporaryFolder = (): string => (tmpdir().length <= 60 ? tmpdir() : '/tmp');

const parsed = (line: string): BridgeMessage | undefined => {
	try {
		return JSON.parse(line) as BridgeMessage;
	} catch {
		return undefined;
	}
};

/** With one bridge, from its connection to its end. */
const createConversation = (
	{desk, isReadOnly}: ToolDeskParts,
	prefix: string,
	counts: {asked: number},
	send: (message: HostMessage) => void,
) => {
	const waiting = new Set<string>();
	const calls = new Map<string, Ask>();
	const running = new Set<string>();

	const refuse = ({id, tool, operation}: Ask, why: string) => {
		calls.delete(id);
		desk.callEnded({tool, operation, outcome: 'refused', durationMs: 0});
		send({t: 'leave', id, isAllowed: false, why});
	};

	const ask = (asked: Ask) => {
		calls.set(asked.id, asked);
		if (++counts.asked > limits.agentToolCallsMax)
			return refuse(asked, `One attempt calls tools at most ${limits.agentToolCallsMax} times.`);
		if (isReadOnly && !asked.isReadOnly) {
			const message = `This run may only read, so the agent was refused: ${nameOf(asked)}`;
			desk.handle({t: 'warning', message});
			return refuse(asked, 'This run may only read, and the operation may change something.');
		}

		const permissionId = `${prefix}-${asked.id}`;
		waiting.add(permissionId);
		desk.handle(
			approvalOf(permissionId, asked, isAllowed => {
				waiting.delete(permissionId);
				if (isAllowed) send({t: 'leave', id: asked.id, isAllowed});
				else refuse(asked, 'It was not allowed.');
			}),
		);
	};

	const handlers: {readonly [T in BridgeMessage['t']]: (message: Extract<BridgeMessage, {t: T}>) => void} = {
		ask(message) {
			// What names a file must be no path.
			if (/^[\w-]{1,64}$/.test(message.id)) ask(message);
		},
		begun({id}) {
			if (!calls.has(id) || running.has(id)) return;
			running.add(id);
			desk.callBegan();
		},
		ended({id, code, durationMs}) {
			const call = calls.get(id);
			if (!call || !running.delete(id)) return;
			calls.delete(id);
			const outcome = code === undefined ? 'ok' : 'failed';
			desk.callEnded({tool: call.tool, operation: call.operation, outcome, code, durationMs, wasRunning: true});
		},
		warning: ({message}) => desk.handle({t: 'warning', message: message.slice(0, warningCharactersMax)}),
	};

	return {
		take: (message: BridgeMessage) =>
			(handlers[message.t] as ((message: BridgeMessage) => void) | undefined)?.(message),
		/** The bridge is gone, and what it was doing with it. */
		end() {
			for (const id of waiting) desk.handle({t: 'approval-closed', id});
			for (const id of running) {
				const {tool, operation} = calls.get(id)!;
				desk.callEnded({
					...{tool, operation, outcome: 'failed', code: 'tool.unreachable'},
					...{durationMs: 0, wasRunning: true},
				});
			}
		},
	};
};

const warningCharactersMax = 1000;

const nameOf = ({tool, operation}: Ask) => `${tool}.${operation}`;

/** Characters of the arguments that are shown. */
const previewCharactersMax = 16 * 1024;

const approvalOf = (id: string, asked: Ask, answer: (isAllowed: boolean) => void): Approval => {
	const preview = JSON.stringify(asked.arguments, null, 2);
	return {
		t: 'approval',
		id,
		title: `Call ${nameOf(asked)}`,
		kind: 'tool',
		preview: preview.length > previewCharactersMax ? `${preview.slice(0, previewCharactersMax)}\n…` : preview,
		action: {kind: 'tool', tool: asked.tool, operation: asked.operation},
		options: [
			{id: 'allow', label: 'Allow this call', isAllow: true},
			{id: 'reject', label: 'Reject', isAllow: false},
		],
		reply: optionId => answer(optionId === 'allow'),
	};
};
