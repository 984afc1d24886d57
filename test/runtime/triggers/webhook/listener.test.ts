import {once} from 'node:events';
import {connect} from 'node:net';
import {text} from 'node:stream/consumers';
import {expect, onTestFinished, test} from 'vitest';
import {openListener} from '../../../../runtime/triggers/webhook/listener.ts';
import type {Answer} from '../../../../runtime/triggers/webhook/receive.ts';

const listening = async (refusal?: Answer) => {
	const received: string[] = [];
	const listener = await openListener(
		{host: '127.0.0.1', port: 0},
		{
			reception: {
				refusalOf: () => refusal,
				async receive(_head, bytes) {
					received.push(Buffer.from(bytes).toString());
					return {status: 202, body: {}};
				},
				waitCount: () => 0,
			},
			onAnswer: () => {},
			requestMs: 200,
		},
	);
	onTestFinished(() => listener.close());
	return {...listener, received};
};

/** Sends this, and nothing more. @returns All that comes back until the other side ends the connection. */
const halfSent = async (port: number, head: string): Promise<string> => {
	const socket = connect({port, host: '127.0.0.1', allowHalfOpen: true});
	await once(socket, 'connect');
	socket.write(head);
	const answer = await text(socket);
	socket.destroy();
	return answer;
};

const begun = 'POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n12345';

test.each([
	['that says nothing', ''],
	['that stops within its head', 'POST /a HTTP/1.1\r\nHost:'],
	['that stops within its body', begun],
])('a connection %s is ended', async (_name, head) => {
	const {port, received} = await listening();
	expect(await halfSent(port, head)).toMatch(/^HTTP\/1\.1 408 /);
	expect(received).toEqual([]);
});

test('one that is refused and goes on slowly is ended too', async () => {
	const {port} = await listening({status: 404, body: {}});
	expect(await halfSent(port, begun)).toMatch(/^HTTP\/1\.1 408 /);
});

test('one that is there in time is received as it came', async () => {
	const {port, received} = await listening();
	const body = '\r\n{"a": 1}\u0000';
	const request = `POST /a HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
	expect(await halfSent(port, request)).toMatch(/^HTTP\/1\.1 202 /);
	expect(received).toEqual([body]);
});
