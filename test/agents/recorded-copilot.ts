#!/usr/bin/env node
import {readFileSync} from 'node:fs';
import {createServer, type Socket} from 'node:net';
import process from 'node:process';
import {createInterface} from 'node:readline';

/**
 * Plays Copilot as a server for its SDK: `RECORDED_FILE=F recorded-copilot.ts --headless …`. Lines of the file are what the SDK
 * told: `{"event": {…}}` or `{"permission": {…}}`, after which it waits for the decision. The wire is our own, spoken with
 * stand-in-copilot-sdk; only who knows the token of the environment is let in. Events follow a prompt; RECORDED_DIE=1 exits
 * in their middle, RECORDED_SILENT=1 says nothing and waits to be aborted.
 */
const {env, argv, stdout, stderr} = process;
if (argv.includes('--version')) {
	stdout.write('GitHub Copilot CLI 1.0.102.\n');
	process.exit(0);
}

if (!env.RECORDED_FILE) {
	stderr.write('Error: No authentication information found.\n');
	process.exit(1);
}

if (env.COPILOT_PROVIDER_BASE_URL && !env.COPILOT_MODEL) {
	stderr.write('BYOK providers require an explicit model. Run `copilot help providers` for configuration details.\n');
	process.exit(1);
}

interface Line {
	readonly event?: {readonly type: string};
	readonly permission?: object;
}

const lines = readFileSync(env.RECORDED_FILE, 'utf8')
	.split('\n')
	.filter(Boolean)
	.map(line => JSON.parse(line) as Line);

const serve = (socket: Socket) => {
	let decide = (_decision: unknown) => {};
	const write = (message: object) => void socket.write(`${JSON.stringify(message)}\n`);
	const play = async () => {
		for (const line of lines) {
			write(line);
			if (line.permission) {
				const decision = await new Promise(resolve => {
					decide = resolve;
				});
				write({event: {type: 'session.info', data: {decision}}});
			}

			if (env.RECORDED_DIE && line.event?.type === 'assistant.turn_start') {
				stderr.write('it broke\n');
				process.exit(3);
			}
		}
	};

	const answer = (message: Readonly<Record<string, unknown>>) => {
		const {config, resume} = message;
		if (message.token !== undefined && message.token !== env.COPILOT_CONNECTION_TOKEN) return socket.destroy();
		if (config && resume === 'lost') return write({error: 'Session not found: lost'});
		if (config) return write({session: resume ?? 'session-1', config});
		if (message.decision) return decide(message.decision);
		if (message.abort) return write({event: {type: 'session.idle', data: {aborted: true}}});
		if (message.prompt !== undefined && !env.RECORDED_SILENT) void play();
		return undefined;
	};

	createInterface({input: socket}).on('line', line => answer(JSON.parse(line)));
	socket.on('error', () => {});
};

const server = createServer(serve).listen(0, '127.0.0.1', () => {
	const {port} = server.address() as {readonly port: number};
	stdout.write(`CLI server listening on port ${port}\n`);
});
