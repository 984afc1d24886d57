import {spawn} from 'node:child_process';
import {createHmac} from 'node:crypto';
import {networkInterfaces} from 'node:os';

export interface CurlRequest {
	readonly url: string;
	readonly method?: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** Sent as it is, byte for byte. */
	readonly body?: string | Buffer;
	readonly more?: readonly string[];
}

export interface CurlAnswer {
	readonly status: number;
	readonly headers: string;
	// biome-ignore lint/suspicious/noExplicitAny: whatever the other side answers.
	readonly body: any;
}

/** The program that people try webhooks with. */
export const curl = ({url, method = 'POST', headers = {}, body, more = []}: CurlRequest): Promise<CurlAnswer> =>
	new Promise((resolve, reject) => {
		const args = [
			...['--silent', '--show-error', '--max-time', '20', '--include', '--request', method],
			...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
			...(body === undefined ? [] : ['--data-binary', '@-']),
			...more,
			url,
		];
		const child = spawn('curl', args, {stdio: ['pipe', 'pipe', 'pipe']});
		let stdout = '';
		let stderr = '';
		child.stdout.setEncoding('utf8').on('data', text => {
			stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', text => {
			stderr += text;
		});
		child.on('error', reject);
		child.stdin.on('error', () => {});
		child.stdin.end(body ?? '');
		child.on('close', () => {
			const parts = stdout.split('\r\n\r\n').filter(part => !/^HTTP\/1.1 100 /.test(part));
			const status = Number(/^HTTP\/1.1 (\d+)/.exec(parts[0] ?? '')?.[1] ?? 0);
			if (status === 0) {
				reject(new Error(`curl: ${stderr}`));
				return;
			}

			const text = parts.slice(1).join('\r\n\r\n');
			resolve({status, headers: parts[0]!.toLowerCase(), body: text.startsWith('{') ? JSON.parse(text) : text});
		});
	});

export const hmacOf = (secret: string, text: string | Buffer): string =>
	createHmac('sha256', secret).update(text).digest('hex');

/** Written from what each service documents, not from our own code: headers that a sender would sign with. */
export const signedAs = {
	github: (secret: string, body: string | Buffer, event: string, delivery: string) => ({
		'content-type': 'application/json',
		'user-agent': 'GitHub-Hookshot/044aadd',
		'x-github-delivery': delivery,
		'x-github-event': event,
		'x-github-hook-id': '292430182',
		'x-hub-signature-256': `sha256=${hmacOf(secret, body)}`,
	}),
	stripe: (secret: string, body: string, atSeconds: number) => ({
		'content-type': 'application/json; charset=utf-8',
		'stripe-signature': `t=${atSeconds},v1=${hmacOf('an older secret', `${atSeconds}.${body}`)},v1=${hmacOf(secret, `${atSeconds}.${body}`)},v0=0`,
	}),
	slack: (secret: string, body: string, atSeconds: number, contentType = 'application/json') => ({
		'content-type': contentType,
		'x-slack-request-timestamp': String(atSeconds),
		'x-slack-signature': `v0=${hmacOf(secret, `v0:${atSeconds}:${body}`)}`,
	}),
	generic: (secret: string, body: string, atSeconds: number, delivery = '') => ({
		'content-type': 'application/json',
		'x-aiworkflow-timestamp': String(atSeconds),
		...(delivery !== '' && {'x-aiworkflow-delivery': delivery}),
		'x-aiworkflow-signature': `sha256=${hmacOf(secret, `v1:${atSeconds}:${delivery}:${body}`)}`,
	}),
};

/** An address of this machine that is not the loopback, as other machines would use. @returns `undefined`: it has none. */
export const ownAddress = (): string | undefined =>
	Object.values(networkInterfaces())
		.flatMap(each => each ?? [])
		.find(({family, internal}) => family === 'IPv4' && !internal)?.address;
