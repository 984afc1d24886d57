import {readFileSync} from 'node:fs';
import {Agent, request as httpRequest} from 'node:http';
import type {Client} from '../../source/client/client.ts';
import {limits} from '../../source/limits.ts';
import {signedAs} from '../runtime/triggers/webhook/curl.ts';
import {openSession, type Session, workflowOf} from '../sessions/session.ts';

export interface FloodOptions {
	readonly perSecond: number;
	readonly seconds: number;
	readonly onProgress?: (text: string) => void;
}

export interface FloodReport {
	readonly sent: {readonly good: number; readonly badlySigned: number; readonly oversized: number};
	/** Requests that were sent a second time because their connection broke. */
	readonly resent: number;
	/** How many answers had which status, by what was sent. */
	readonly answers: Readonly<Record<Kind, Readonly<Record<string, number>>>>;
	readonly runs: {
		readonly completed: number;
		/** Promised with 202, and not there. */
		readonly lost: number;
		/** There, and promised to nobody. */
		readonly unasked: number;
		/** Promised for two deliveries. */
		readonly shared: number;
	};
	/** Milliseconds from request to answer while requests are sent, at the webhook and at the API beside it. */
	readonly webhookMs: Spread;
	readonly apiMs: Spread;
	/** The same while the runs that are left are worked off. */
	readonly apiLaterMs: Spread;
	/** From the first request to the last. */
	readonly sentInMs: number;
	/** From the last request until the last run had ended. */
	readonly workedOffInMs: number;
	/** Of the daemon; 0 where the system does not tell. */
	readonly memoryMib: {readonly before: number; readonly half: number; readonly sent: number; readonly end: number};
}

type Kind = 'good' | 'badlySigned' | 'oversized';

interface Spread {
	readonly median: number;
	readonly p99: number;
	readonly max: number;
	readonly count: number;
}

const secret = 'whsec_flood';
const workOffMsMax = 600_000;

/**
 * Sends requests to a webhook of a real daemon at a steady rate: a third signed with another secret, a tenth too large,
 * the rest good. Beside them the API is asked all the time.
 */
export const floodWebhooks = async ({
	perSecond,
	seconds,
	onProgress = () => {},
}: FloodOptions): Promise<FloodReport> => {
	const session = openSession();
	try {
		const {url, client, pid} = await prepare(session);
		const agent = new Agent({keepAlive: true, maxSockets: 64});
		const count = perSecond * seconds;
		const answers: Record<Kind, Record<string, number>> = {good: {}, badlySigned: {}, oversized: {}};
		const promised: string[] = [];
		let resent = 0;
		const webhookMs: number[] = [];
		const large = Buffer.alloc(limits.webhookBodyBytesMax + 1, 'x');
		const memoryMib = {before: memoryOf(pid), half: 0, sent: 0, end: 0};
		let probe = probing(client);

		const send = async (index: number): Promise<void> => {
			const kind = kindOf(index);
			const body = kind === 'oversized' ? large : Buffer.from(JSON.stringify({index}));
			const key = kind === 'badlySigned' ? 'a guess' : secret;
			const headers = signedAs.github(key, body.toString(), 'push', `delivery-${index}`);
			const startMs = performance.now();
			const attempt = () => post(url, headers, body, agent);
			const {status, runId} = await attempt().catch(() => {
				// A connection that broke says nothing about the request: senders send it again.
				resent++;
				return attempt();
			});
			webhookMs.push(performance.now() - startMs);
			answers[kind][status] = (answers[kind][status] ?? 0) + 1;
			if (runId !== undefined) promised.push(runId);
		};

		const startMs = performance.now();
		const sending: Promise<void>[] = [];
		while (sending.length < count) {
			const due = Math.min(count, Math.floor(((performance.now() - startMs) * perSecond) / 1000) + 1);
			while (sending.length < due) sending.push(send(sending.length));
			if (sending.length >= count / 2 && memoryMib.half === 0) memoryMib.half = memoryOf(pid);
			await new Promise(resolve => setTimeout(resolve, 5));
		}

		await Promise.all(sending);
		const sentInMs = Math.round(performance.now() - startMs);
		memoryMib.sent = memoryOf(pid);
		const apiMs = await probe.stop();
		probe = probing(client);
		onProgress(`${count} requests sent in ${sentInMs} ms`);
		const sentAtMs = performance.now();
		const isWorkedOff = async () => {
			const {runs} = await client.health();
			return runs.queued + runs.running === 0 && (await completedRuns(client)).length >= new Set(promised).size;
		};
		// Looked at seldom: looking is work for the daemon too.
		while (!(await isWorkedOff())) {
			if (performance.now() - sentAtMs > workOffMsMax) throw new Error('The runs did not end.');
			await new Promise(resolve => setTimeout(resolve, 250));
		}

		const workedOffInMs = Math.round(performance.now() - sentAtMs);
		const apiLaterMs = await probe.stop();
		memoryMib.end = memoryOf(pid);
		agent.destroy();

		const completed = await completedRuns(client);
		const ids = new Set(completed);
		const sent = {good: 0, badlySigned: 0, oversized: 0};
		for (let index = 0; index < count; index++) sent[kindOf(index)]++;
		return {
			sent,
			resent,
			answers,
			runs: {
				completed: completed.length,
				lost: promised.filter(id => !ids.has(id)).length,
				unasked: completed.filter(id => !promised.includes(id)).length,
				shared: promised.length - new Set(promised).size,
			},
			...{
				webhookMs: spreadOf(webhookMs),
				apiMs: spreadOf(apiMs),
				apiLaterMs: spreadOf(apiLaterMs),
				sentInMs,
				workedOffInMs,
				memoryMib,
			},
		};
	} finally {
		await session.close();
	}
};

const kindOf = (index: number): Kind => {
	if (index % 3 === 0) return 'badlySigned';
	return index % 10 === 5 ? 'oversized' : 'good';
};

const prepare = async (session: Session) => {
	session.write(
		'.aiworkflow/workflows/flooded.md',
		workflowOf(
			'flooded',
			'## work\n```sh run\ntrue\n```\n',
			'on:\n  webhook: { path: /flood, style: github, secret: "${{ secrets.HOOK }}" }\n',
		),
	);
	await session.aiworkflow(['trust', '--yes'], {environment: {HOOK: secret}});
	const {stdout} = await session.aiworkflow(['webhook', 'start', '--port', '0', '--json']);
	const {address} = JSON.parse(stdout) as {readonly address: {readonly port: number}};
	const client = await session.client();
	const {pid} = await client.health();
	return {url: `http://127.0.0.1:${address.port}/flood`, client, pid};
};

/** All runs of the workflow that completed, each once for each time it is listed. */
const completedRuns = async (client: Client): Promise<string[]> => {
	const ids: string[] = [];
	let before: string | undefined;
	do {
		const page = await client.runs({workflow: 'flooded', status: 'completed', limit: 200, before});
		ids.push(...page.runs.map(({id}) => id));
		before = page.next ?? undefined;
	} while (before !== undefined);
	return ids;
};

const post = (
	url: string,
	headers: Readonly<Record<string, string>>,
	body: Buffer,
	agent: Agent,
): Promise<{readonly status: number; readonly runId?: string}> =>
	new Promise((resolve, reject) => {
		const request = httpRequest(url, {method: 'POST', agent, headers: {...headers, 'content-length': body.length}});
		request.on('error', reject);
		request.on('response', response => {
			let text = '';
			response.setEncoding('utf8').on('data', chunk => {
				text += chunk;
			});
			response.on('end', () => resolve({status: response.statusCode ?? 0, runId: JSON.parse(text).runId}));
		});
		request.end(body);
	});

/** Asks the API one thing after the other until it is stopped. */
const probing = (client: Client) => {
	const took: number[] = [];
	let isOn = true;
	const done = (async () => {
		while (isOn) {
			const startMs = performance.now();
			await (took.length % 2 === 0 ? client.health() : client.runs({limit: 50}));
			took.push(performance.now() - startMs);
			await new Promise(resolve => setTimeout(resolve, 20));
		}
	})();
	return {
		async stop() {
			isOn = false;
			await done;
			return took;
		},
	};
};

const spreadOf = (values: readonly number[]): Spread => {
	const sorted = values.toSorted((a, b) => a - b);
	const at = (share: number) => Math.round((sorted[Math.floor((sorted.length - 1) * share)] ?? 0) * 10) / 10;
	return {median: at(0.5), p99: at(0.99), max: at(1), count: sorted.length};
};

const memoryOf = (pid: number): number => {
	if (process.platform !== 'linux') return 0;
	const [, kib] = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
	return Math.round(Number(kib ?? 0) / 1024);
};
