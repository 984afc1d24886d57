import {readFileSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';

/**
 * Plays the agent's side of a recorded ACP session: `node recorded-agent.ts FILE`. Each line of the file is
 * `{"dir": "<<", "msg": {…}}` (from the agent) or `>>` (to it). What the agent said after a message follows when that
 * message comes; our ids take the place of the recorded ones. What was not said to it in the recording gets an empty
 * answer, but for a prompt or a session, which must be the recorded ones.
 */
interface Message {
	readonly id?: unknown;
	readonly method?: string;
}

const lines = readFileSync(process.argv[2]!, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map(line => JSON.parse(line) as {readonly dir: '<<' | '>>'; readonly msg: Message});
const kindOf = ({method}: Message) => method ?? 'answer';
const ids = new Map<unknown, unknown>();
let next = 0;

const write = (message: object) => void process.stdout.write(`${JSON.stringify(message)}\n`);

const speak = () => {
	for (; lines[next]?.dir === '<<'; next++) {
		const {msg} = lines[next]!;
		write(msg.method === undefined ? {...msg, id: ids.get(msg.id)} : msg);
	}
};

createInterface({input: process.stdin}).on('line', line => {
	const message = JSON.parse(line) as Message;
	const expected = lines[next]?.msg;
	if (expected && kindOf(expected) === kindOf(message)) {
		if (message.method !== undefined) ids.set(expected.id, message.id);
		next++;
		speak();
	} else if (message.method !== undefined && message.id !== undefined) {
		const isMissing = /^session\/(?:new|load|resume|prompt)$/.test(message.method);
		const error = {code: -32601, message: `"${message.method}" is not in the recording`};
		write({jsonrpc: '2.0', id: message.id, ...(isMissing ? {error} : {result: {}})});
	}
});
speak();
