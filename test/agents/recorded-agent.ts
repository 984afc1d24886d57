import {readFileSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';

/**
 * Plays the agent's side of a recorded ACP session: `node recorded-agent.ts FILE`. Each line of the file is
 * `{"dir": "<<", "msg": {…}}` (from the agent) or `>>` (to it; for readers). What the agent said up to its next answer or
 * question follows each message it gets, whatever that is; our ids take the place of the recorded ones.
 */
interface Message {
	readonly id?: unknown;
	readonly method?: string;
}

const lines = readFileSync(process.argv[2]!, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map(line => JSON.parse(line) as {readonly dir: string; readonly msg: Message});
const said = lines.filter(({dir}) => dir === '<<').map(({msg}) => msg);
let next = 0;
let turnId: unknown;

createInterface({input: process.stdin}).on('line', line => {
	const {id, method} = JSON.parse(line) as Message;
	if (method !== undefined && id !== undefined) turnId = id;
	while (next < said.length) {
		const message = said[next++]!;
		const isAnswer = message.method === undefined;
		process.stdout.write(`${JSON.stringify(isAnswer ? {...message, id: turnId} : message)}\n`);
		if (isAnswer || message.id !== undefined) return;
	}
});
