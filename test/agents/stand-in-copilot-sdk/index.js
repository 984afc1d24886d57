import {connect} from 'node:net';
import {createInterface} from 'node:readline';

/** As much of `@github/copilot-sdk` as is used, over the wire of recorded-copilot.ts. */
export const RuntimeConnection = {forUri: (url, options) => ({url, ...options})};

export class CopilotClient {
	#connection;
	#socket;
	#onLine = () => {};

	constructor({connection}) {
		this.#connection = connection;
	}

	async start() {
		const [host, port] = this.#connection.url.split(':');
		this.#socket = connect(Number(port), host);
		this.#socket.on('error', () => {});
		createInterface({input: this.#socket}).on('line', line => this.#onLine(JSON.parse(line)));
		await new Promise(resolve => this.#socket.once('connect', resolve));
		this.#write({token: this.#connection.connectionToken});
	}

	createSession(config) {
		return this.#open({config});
	}

	resumeSession(resume, config) {
		return this.#open({config, resume});
	}

	async stop() {
		this.#socket.destroy();
		return [];
	}

	#write(message) {
		this.#socket.write(`${JSON.stringify(message)}\n`);
	}

	async #open(wish) {
		const opened = new Promise((resolve, reject) => {
			this.#onLine = message => (message.error ? reject(new Error(message.error)) : resolve(message));
		});
		this.#write(wish);
		const {session} = await opened;
		const handlers = [];
		this.#onLine = async ({event, permission}) => {
			if (event) for (const handler of handlers) handler(event);
			if (permission) this.#write({decision: await wish.config.onPermissionRequest(permission, {sessionId: session})});
		};

		return {
			sessionId: session,
			send: async message => this.#write(message),
			on: handler => handlers.push(handler),
			abort: async () => this.#write({abort: true}),
			disconnect: async () => {},
		};
	}
}
