import {createServer} from 'node:net';
import {describe, expect, test} from 'vitest';
import {limits} from '../../../../source/limits.ts';
import {eventually, tester, typesIn} from '../trigger-world.ts';
import {curl, ownAddress, signedAs} from './curl.ts';
import {githubPayloads} from './payloads.ts';
import {createWebhookWorld, secret, webhook} from './webhook-world.ts';

const open = (path: string, more = '') => `webhook: { path: ${path}, auth: none${more} }`;

/** A world with one webhook. */
const worldWith = async (on: string, more = '') => {
	const world = createWebhookWorld();
	world.workflow('hook', on, more);
	return {...world, ...(await world.listening())};
};

describe('GitHub', () => {
	test('a push starts a run that sees the event, the payload and harmless headers', async () => {
		const {send, started} = await worldWith(webhook('/github', 'github'));
		const body = JSON.stringify(githubPayloads.push);
		const headers = {
			...signedAs.github(secret, body, 'push', '72d3162e-cc78'),
			cookie: 'a=1',
			authorization: 'Bearer x',
		};
		const {status, body: answer} = await send('/github?from=test&tag=a&tag=b', {headers, body});
		expect([status, answer]).toEqual([202, {runId: expect.any(String), status: 'accepted'}]);
		await eventually('the run', () => started.length === 1);
		const {id, trigger, taint, origin} = started[0]!;
		expect({id, taint, origin}).toEqual({
			id: answer.runId,
			taint: 'webhook /github',
			origin: {by: 'webhook /github', via: 'webhook'},
		});
		expect(trigger.data).toMatchObject({
			...{path: '/github', method: 'POST', event: 'push', delivery: '72d3162e-cc78'},
			query: {from: 'test', tag: ['a', 'b']},
			body: githubPayloads.push,
			headers: {'x-github-event': 'push', 'user-agent': 'GitHub-Hookshot/044aadd'},
		});
		expect(Object.keys(trigger.data.headers as object).filter(name => /sign|cookie|auth/.test(name))).toEqual([]);
		expect(JSON.stringify(trigger)).not.toContain(secret);
	});

	test('an issue is filtered and mapped by what the file says', async () => {
		const {send, started, events} = await worldWith(
			webhook(
				'/github',
				'github',
				', if: "trigger.event == \'issues\' && trigger.body.action == \'opened\'", with: { title: "${{ trigger.body.issue.title }}", number: "${{ trigger.body.issue.number }}" }',
			),
			'inputs:\n  title: { type: string }\n  number: { type: integer }\n',
		);
		const post = (event: 'push' | 'issues') => {
			const body = JSON.stringify(githubPayloads[event]);
			return send('/github', {body, headers: signedAs.github(secret, body, event, `of-${event}`)});
		};
		expect((await post('push')).status).toBe(202);
		expect((await post('issues')).status).toBe(202);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.inputs).toEqual({title: 'The cart counts twice', number: 1347});
		expect(typesIn(events).filter(type => type.startsWith('trigger.'))).toEqual(['trigger.skipped', 'trigger.fired']);
	});

	test('the ping of a new webhook is answered and starts nothing', async () => {
		const {send, started, events} = await worldWith(webhook('/github', 'github'));
		const body = JSON.stringify(githubPayloads.ping);
		const {status, body: answer} = await send('/github', {body, headers: signedAs.github(secret, body, 'ping', 'p')});
		expect([status, answer]).toEqual([200, {status: 'pong'}]);
		expect([started, typesIn(events).includes('trigger.fired')]).toEqual([[], false]);
	});

	test('a delivery that is sent again is known, also by the next daemon', async () => {
		const world = createWebhookWorld();
		world.workflow('hook', webhook('/github', 'github'));
		const daemon = await world.listening();
		const body = JSON.stringify(githubPayloads.push);
		const headers = signedAs.github(secret, body, 'push', 'same');
		const {body: first} = await daemon.send('/github', {body, headers});
		const {status, body: second} = await daemon.send('/github', {body, headers});
		expect([status, second]).toEqual([202, {runId: first.runId, status: 'accepted', duplicate: true}]);
		await eventually('the run', () => world.started.length === 1);
		await daemon.close();

		const next = await world.open();
		expect(next.webhooks.listener()).toMatchObject({isListening: true, address: {port: daemon.port}});
		expect((await daemon.send('/github', {body, headers})).body).toEqual(second);
		expect(next.webhooks.all()[0]!.counts).toMatchObject({accepted: 1, duplicates: 1});
		expect(world.started).toHaveLength(1);
	});

	test('without a name of a delivery, the same bytes are a replay within the window and news after it', async () => {
		const {send, pass} = await worldWith(webhook('/github', 'github'));
		const body = '{"a":1}';
		const {'x-github-delivery': _, ...headers} = signedAs.github(secret, body, 'push', '');
		const {body: first} = await send('/github', {body, headers});
		// Over the border between two windows of the clock.
		pass(limits.webhookReplayWindowMs - 1000);
		expect((await send('/github', {body, headers})).body).toMatchObject({runId: first.runId, duplicate: true});
		pass(limits.webhookReplayWindowMs);
		const {body: later} = await send('/github', {body, headers});
		expect(later.duplicate).toBeUndefined();
		expect(later.runId).not.toBe(first.runId);
	});

	test('a payload inside a form is the body', async () => {
		const {send, started} = await worldWith(webhook('/github', 'github'));
		const body = `payload=${encodeURIComponent(JSON.stringify(githubPayloads.push))}`;
		const headers = {
			...signedAs.github(secret, body, 'push', 'form'),
			'content-type': 'application/x-www-form-urlencoded',
		};
		expect((await send('/github', {body, headers})).status).toBe(202);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data.body).toEqual(githubPayloads.push);
	});
});

describe('Stripe, Slack and our own style', () => {
	test('Stripe: an event starts one run, however often and with whatever moment it is sent', async () => {
		const {send, started, secondsNow} = await worldWith(webhook('/stripe', 'stripe'));
		const body = JSON.stringify({id: 'evt_1', object: 'event', type: 'invoice.paid', data: {object: {total: 4200}}});
		const {body: first} = await send('/stripe', {body, headers: signedAs.stripe(secret, body, secondsNow())});
		const {body: again} = await send('/stripe', {body, headers: signedAs.stripe(secret, body, secondsNow() - 60)});
		expect(again).toMatchObject({runId: first.runId, duplicate: true});
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data).toMatchObject({event: 'invoice.paid', delivery: 'evt_1'});
	});

	test('Slack: the challenge is answered, an event and a command start runs', async () => {
		const {send, started, secondsNow} = await worldWith(webhook('/slack', 'slack'));
		const post = (body: string, contentType?: string) =>
			send('/slack', {body, headers: signedAs.slack(secret, body, secondsNow(), contentType)});
		const challenge = await post('{"type":"url_verification","challenge":"3eZbrw1aB"}');
		expect([challenge.status, challenge.body]).toEqual([200, {challenge: '3eZbrw1aB'}]);
		await post('{"type":"event_callback","event_id":"Ev1","event":{"type":"app_mention","text":"hi"}}');
		await post('command=%2Fdeploy&text=main+now', 'application/x-www-form-urlencoded');
		await eventually('the runs', () => started.length === 2);
		expect(started.map(({trigger}) => [trigger.data.event, trigger.data.body])).toEqual([
			['app_mention', expect.objectContaining({event_id: 'Ev1'})],
			['/deploy', {command: '/deploy', text: 'main now'}],
		]);
	});

	test('generic: what openssl signs as the documentation says is taken, and as text where it is text', async () => {
		const {send, started, secondsNow} = await worldWith(webhook('/own', 'generic'));
		const body = 'build 17 is green\n';
		const headers = {...signedAs.generic(secret, body, secondsNow(), 'build-17'), 'content-type': 'text/plain'};
		expect((await send('/own', {body, headers})).status).toBe(202);
		expect((await send('/own', {body, headers})).body.duplicate).toBe(true);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data).toMatchObject({body, delivery: 'build-17'});
	});

	test.each([
		['stripe', (at: number, body: string) => signedAs.stripe(secret, body, at)],
		['slack', (at: number, body: string) => signedAs.slack(secret, body, at)],
		['generic', (at: number, body: string) => signedAs.generic(secret, body, at)],
	] as const)('%s: a request that was recorded starts nothing when the window is over', async (style, sign) => {
		const {send, started, pass, secondsNow} = await worldWith(webhook('/hook', style));
		const body = '{"id":"evt_2"}';
		const headers = sign(secondsNow(), body);
		pass(limits.webhookReplayWindowMs + 1000);
		const {status, body: answer} = await send('/hook', {body, headers});
		expect([status, answer.error.code]).toEqual([401, 'webhook.stale']);
		expect(started).toEqual([]);
	});
});

describe('what is refused', () => {
	test('a bad signature, or none: 401, and it is logged without anything of it', async () => {
		const {send, events, warnings, webhooks} = await worldWith(webhook('/github', 'github'));
		const body = JSON.stringify(githubPayloads.push);
		for (const headers of [
			{'content-type': 'application/json'},
			signedAs.github('guessed', body, 'push', 'x'),
			{...signedAs.github(secret, body, 'push', 'y'), 'x-hub-signature-256': `sha256=${'0'.repeat(64)}`},
		]) {
			const {status, body: answer} = await send('/github', {body, headers});
			expect([status, answer.error.code]).toEqual([401, 'webhook.unsigned']);
		}

		expect(typesIn(events).filter(type => type.startsWith('trigger.'))).toEqual([]);
		expect(webhooks.all()[0]!.counts?.refused).toEqual({'not signed': 1, 'wrong signature': 2});
		expect(JSON.stringify(warnings)).not.toMatch(/tomato|sha256|whsec/);
	});

	test('a path that is not there: 404, the same for all, with no word about those that are', async () => {
		const {send} = await worldWith(webhook('/github', 'github'));
		const answers = await Promise.all([
			...['/', '/git', '/github/', '/github/x', '/GitHub', '/%67ithub', '//github'].map(path =>
				send(path, {body: '{}'}),
			),
			send('/v1/runs', {method: 'GET'}),
			send('/other', {method: 'DELETE'}),
		]);
		expect(new Set(answers.map(({status}) => status))).toEqual(new Set([404]));
		expect(new Set(answers.map(({body}) => JSON.stringify(body))).size).toBe(1);
		expect(JSON.stringify(answers)).not.toContain('"/github"');
	});

	test('another method: 405, with those that it takes', async () => {
		const {send} = await worldWith(webhook('/github', 'github', ', methods: [POST, PUT]'));
		const {status, headers} = await send('/github', {method: 'DELETE'});
		expect(status).toBe(405);
		expect(headers).toContain('allow: post, put');
		expect((await send('/github', {method: 'GET'})).status).toBe(405);
	});

	test.each([
		['a little too much', limits.webhookBodyBytesMax + 1, []],
		['too much in pieces', limits.webhookBodyBytesMax + 1, ['--header', 'Transfer-Encoding: chunked']],
		['far too much', limits.webhookDiscardBytesMax + 1, []],
	] as const)('%s: 413', async (_name, sizeBytes, more) => {
		const {send, started} = await worldWith(webhook('/github', 'github'));
		const body = 'x'.repeat(sizeBytes);
		const headers = signedAs.github(secret, body, 'push', 'large');
		const {status, body: answer} = await send('/github', {body, headers, more});
		expect([status, answer.error.code]).toEqual([413, 'webhook.too-large']);
		expect(started).toEqual([]);
	});

	test.each([
		['JSON that is none', 'application/json', '{"a":', 400],
		['JSON that is too deep', 'application/json', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 400],
		['a form whose payload is none', 'application/x-www-form-urlencoded', 'payload=x', 400],
		['bytes that are no text', 'application/octet-stream', Buffer.from([0xff, 0xfe, 0x00]), 415],
		['a type that is none', 'nonsense', '{}', 415],
	] as const)('%s: signed, and refused', async (_name, contentType, body, expected) => {
		const {send, started} = await worldWith(webhook('/github', 'github'));
		const headers = {...signedAs.github(secret, body, 'push', 'odd'), 'content-type': contentType};
		expect((await send('/github', {body, headers})).status).toBe(expected);
		expect(started).toEqual([]);
	});

	test('more at once than the limit: 429 and when to come again, and the good ones are taken after that', async () => {
		const {port, pass, send} = await worldWith(webhook('/github', 'github'));
		const count = limits.webhookRequestsBurstMax + 20;
		const statuses: number[] = [];
		const agents = Array.from({length: 20}, async (_, agent) => {
			for (let index = agent; index < count; index += 20) {
				const {status} = await fetch(`http://127.0.0.1:${port}/github`, {method: 'POST', body: '{}'});
				statuses.push(status);
			}
		});
		await Promise.all(agents);
		expect(statuses.filter(status => status === 429)).toHaveLength(20);
		const body = '{}';
		const headers = signedAs.github(secret, body, 'push', 'later');
		const refused = await send('/github', {body, headers});
		expect([refused.status, /retry-after: 1\b/.test(refused.headers)]).toEqual([429, true]);
		pass(1000);
		expect((await send('/github', {body, headers})).status).toBe(202);
	});

	test('while nothing new begins: 503 and when to come again', async () => {
		const {send, state} = await worldWith(webhook('/github', 'github'));
		const body = '{}';
		const headers = signedAs.github(secret, body, 'push', 'drained');
		state.isDraining = true;
		const {status, headers: answered} = await send('/github', {body, headers});
		expect([status, answered.includes('retry-after: 5')]).toEqual([503, true]);
		state.isDraining = false;
		expect((await send('/github', {body, headers})).status).toBe(202);
	});
});

describe('without a signature', () => {
	test('programs of this machine are served, each time they ask', async () => {
		const {send, started} = await worldWith(open('/local', ', methods: [GET, POST]'));
		expect((await send('/local', {body: '{"a":1}', headers: {'content-type': 'application/json'}})).status).toBe(202);
		expect((await send('/local', {body: '{"a":1}'})).body.duplicate).toBeUndefined();
		expect((await send('/local?x=1', {method: 'GET'})).status).toBe(202);
		await eventually('the runs', () => started.length === 3);
		expect(started.map(({trigger}) => trigger.data.body)).toEqual([{a: 1}, {'{"a":1}': ''}, null]);
		expect(started[0]!.taint).toBe('webhook /local');
	});

	test.each([
		['passed on by a proxy or tunnel', {'x-forwarded-for': '203.0.113.9'}],
		['for another name', {host: 'hooks.example.com'}],
		['made by a page in a browser', {origin: 'https://evil.example'}],
		['made by a page without an origin', {'sec-fetch-site': 'cross-site'}],
	])('a request that is %s finds nothing', async (_name, headers) => {
		const {send} = await worldWith(open('/local'));
		expect((await send('/local', {body: '{}', headers})).status).toBe(404);
	});

	test('other machines find nothing, whatever it listens on', async () => {
		const world = createWebhookWorld();
		world.workflow('hook', open('/local'));
		world.workflow('signed', webhook('/signed', 'github'));
		const {port} = await world.listening({address: {host: '0.0.0.0', port: 0}});
		const outside = ownAddress();
		if (outside === undefined) return;
		expect((await curl({url: `http://${outside}:${port}/local`, body: '{}'})).status).toBe(404);
		expect((await curl({url: `http://${outside}:${port}/signed`, body: '{}'})).status).toBe(401);
		expect((await curl({url: `http://127.0.0.1:${port}/local`, body: '{}'})).status).toBe(202);
	});
});

describe('respond: wait', () => {
	const waiting = () => worldWith(open('/ask', ', respond: wait'));

	test('the answer is the outputs of the run', async () => {
		const {send, started, end} = await waiting();
		const answer = send('/ask', {body: '{}'});
		await eventually('the run', () => started.length === 1);
		end(started[0]!.id, 'completed', {outputs: {verdict: 'good'}});
		const {status, body} = await answer;
		expect([status, body]).toEqual([200, {runId: started[0]!.id, status: 'completed', outputs: {verdict: 'good'}}]);
	});

	test('a run that fails is told with its code only', async () => {
		const {send, started, end} = await waiting();
		const answer = send('/ask', {body: '{}'});
		await eventually('the run', () => started.length === 1);
		end(started[0]!.id, 'failed', {failure: {code: 'script.failed', message: '/home/ada: no such key'}});
		const {status, body} = await answer;
		expect([status, body.failure]).toEqual([500, {code: 'script.failed'}]);
	});

	test('a run that takes too long is answered with 202', async () => {
		const {send, started, pass, timers} = await waiting();
		const answer = send('/ask', {body: '{}'});
		await eventually('the wait', () => started.length === 1 && timers.size === 1);
		pass(limits.webhookWaitMsMax);
		const {status, body} = await answer;
		expect([status, body]).toEqual([202, {runId: started[0]!.id, status: 'accepted'}]);
	});

	test('what was sent before is answered with what became of it; a filtered one at once', async () => {
		const {send, started, end} = await worldWith(open('/ask', ', respond: wait, if: "trigger.body == \'go\'"'));
		const request = {body: 'go', headers: {'content-type': 'text/plain', 'x-aiworkflow-delivery': 'one'}};
		const answer = send('/ask', request);
		await eventually('the run', () => started.length === 1);
		end(started[0]!.id, 'completed', {outputs: {n: 1}});
		await answer;
		expect((await send('/ask', request)).body).toMatchObject({status: 'completed', outputs: {n: 1}});
		const other = await send('/ask', {body: 'stop', headers: {'content-type': 'text/plain'}});
		expect([other.status, other.body.status]).toEqual([200, 'skipped']);
	});

	test('a listener that ends answers those that wait', async () => {
		const {send, started, timers, webhooks} = await waiting();
		const answer = send('/ask', {body: '{}'});
		await eventually('the wait', () => started.length === 1 && timers.size === 1);
		await webhooks.stopListening(tester);
		expect((await answer).status).toBe(202);
	});
});

describe('paths', () => {
	test('of two workflows with one path the first keeps it, also after a restart, until it goes', async () => {
		const world = createWebhookWorld();
		world.workflow('later', webhook('/github', 'github'));
		const daemon = await world.listening();
		// Comes before it in every order of names.
		const file = world.workflow('earlier', webhook('/github', 'github'));
		await daemon.arming.arm(world.workspace, {HOOK: secret}, tester);
		const shown = (webhooks: typeof daemon.webhooks) => webhooks.all().map(({armed, state}) => [armed.workflow, state]);
		const both = [
			['earlier', 'conflict'],
			['later', 'ready'],
		];
		expect(shown(daemon.webhooks)).toEqual(both);
		expect(daemon.webhooks.all()[0]!.detail).toContain('belongs to the workflow later');
		const body = '{}';
		await daemon.send('/github', {body, headers: signedAs.github(secret, body, 'push', '1')});
		await eventually('the run', () => world.started.length === 1);
		expect(world.started[0]!.file.file).not.toBe(file);
		await daemon.close();

		const next = await world.open();
		expect(shown(next.webhooks)).toEqual(both);
		world.workflow('later', webhook('/else', 'github'));
		await eventually('the file to be read', () => shown(next.webhooks).every(([, state]) => state === 'ready'));
	});

	test('a webhook whose secret is not there is not served, and says what to do', async () => {
		const world = createWebhookWorld();
		world.workflow('hook', webhook('/github', 'github'));
		const {send, webhooks} = await world.listening({environment: {HOOK: ''}});
		const body = '{}';
		expect((await send('/github', {body, headers: signedAs.github('', body, 'push', '1')})).status).toBe(503);
		expect(webhooks.all()[0]).toMatchObject({state: 'no-secret', detail: expect.stringContaining('HOOK')});
	});

	test('disarmed is gone', async () => {
		const {send, arming, workspace} = await worldWith(webhook('/github', 'github'));
		await arming.disarm(workspace, tester);
		expect((await send('/github', {body: '{}'})).status).toBe(404);
	});
});

describe('the listener', () => {
	test('is off until somebody turns it on, and off again after that for good', async () => {
		const world = createWebhookWorld();
		const daemon = await world.open();
		expect(daemon.webhooks.listener()).toEqual({address: null, isListening: false, failure: null});
		await daemon.webhooks.start({host: '127.0.0.1', port: 0}, tester);
		const {port} = daemon.webhooks.listener().address!;
		expect((await curl({url: `http://127.0.0.1:${port}/`, body: ''})).status).toBe(404);
		expect(await daemon.webhooks.stopListening(tester)).toBe(true);
		await expect(curl({url: `http://127.0.0.1:${port}/`, body: ''})).rejects.toThrow(/connect/);
		expect(typesIn(daemon.events)).toEqual(['webhooks.started', 'webhooks.stopped']);
		await daemon.close();
		const next = await world.open();
		expect(next.webhooks.listener().address).toBeNull();
	});

	test('a port that is taken is an error at the start; after a restart it is tried until it is free', async () => {
		const world = createWebhookWorld();
		const daemon = await world.open();
		const other = createServer();
		await new Promise<void>(resolve => other.listen(0, '127.0.0.1', resolve));
		const {port: taken} = other.address() as {port: number};
		await expect(daemon.webhooks.start({host: '127.0.0.1', port: taken}, tester)).rejects.toMatchObject({
			code: 'webhook.port-taken',
		});
		expect(daemon.webhooks.listener().address).toBeNull();
		await daemon.webhooks.start({host: '127.0.0.1', port: 0}, tester);
		const {port} = daemon.webhooks.listener().address!;
		await expect(daemon.webhooks.start({host: '127.0.0.1', port: taken}, tester)).rejects.toThrow();
		expect(daemon.webhooks.listener()).toMatchObject({isListening: true, address: {port}});
		await daemon.close();
		await new Promise(resolve => other.close(resolve));

		const thief = createServer();
		await new Promise<void>(resolve => thief.listen(port, '127.0.0.1', resolve));
		const next = await world.open();
		expect(next.webhooks.listener()).toMatchObject({
			isListening: false,
			failure: expect.stringContaining('EADDRINUSE'),
		});
		await new Promise(resolve => thief.close(resolve));
		world.pass(limits.webhookListenRetryMs);
		await eventually('it to listen', () => next.webhooks.listener().isListening);
	});
});

test.each(['github', 'stripe', 'slack', 'generic'])(
	'a test of a webhook of style %s is signed and taken',
	async style => {
		const {webhooks, started} = await worldWith(webhook('/hook', style));
		const {armed} = webhooks.all()[0]!;
		const result = await webhooks.test(armed, {event: 'deployed'});
		expect(result).toMatchObject({status: 202, answer: {status: 'accepted'}});
		expect(JSON.stringify(result)).not.toMatch(/whsec|sha256=|v1=|v0=/);
		await eventually('the run', () => started.length === 1);
		expect(started[0]!.trigger.data.event).toBe('deployed');
		await webhooks.test(armed, {body: '{"id":"evt_3"}'});
		await eventually('the other run', () => started.length === 2);
		expect(started[1]!.trigger.data.body).toEqual({id: 'evt_3'});
	},
);
