import {isIP} from 'node:net';
import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {originRequest, startWebhooksRequest, testWebhookRequest} from '../../../source/api/contract.ts';
import type {WebhookListenerView, WebhooksView, WebhookTestView, WebhookView} from '../../../source/api/messages.ts';
import {usageInvalid, webhookDenied, webhookNotFound} from '../../../source/errors.ts';
import type {ArmedWebhook} from '../../triggers/webhook/paths.ts';
import {isLoopback} from '../../triggers/webhook/peers.ts';
import type {Webhooks} from '../../triggers/webhook/webhooks.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerWebhooks = (server: Server, {webhooks}: DaemonParts): void => {
	server.get(
		'/webhooks',
		{schema: {tags: ['triggers'], summary: 'The webhooks of armed workspaces, and whether anything listens'}},
		async (): Promise<WebhooksView> => {
			const listener = listenerViewOf(webhooks);
			return {listener, webhooks: webhooks.all().map(webhook => viewOf(webhook, listener))};
		},
	);
	server.post(
		'/webhooks/start',
		{
			schema: {
				tags: ['triggers'],
				summary: 'Listen for webhooks from now on, also after a restart',
				body: startWebhooksRequest,
			},
		},
		async (request): Promise<WebhookListenerView> => {
			checkCaller(request, 'turned on');
			const {host, port, origin} = request.body as z.output<typeof startWebhooksRequest>;
			const before = webhooks.listener().address;
			const address = {
				host: hostOf(host ?? before?.host ?? hostByDefault),
				port: port ?? before?.port ?? portByDefault,
			};
			await webhooks.start(address, origin);
			return listenerViewOf(webhooks);
		},
	);
	server.post(
		'/webhooks/stop',
		{schema: {tags: ['triggers'], summary: 'Listen for webhooks no more', body: originRequest}},
		async (request): Promise<WebhookListenerView> => {
			checkCaller(request, 'turned off');
			await webhooks.stopListening((request.body as z.output<typeof originRequest>).origin);
			return listenerViewOf(webhooks);
		},
	);
	server.post(
		'/webhooks/test',
		{
			schema: {
				tags: ['triggers'],
				summary: 'Sign a request as its sender would, send it to a webhook, and tell the answer',
				body: testWebhookRequest,
			},
		},
		async (request): Promise<WebhookTestView> => {
			checkCaller(request, 'signed for');
			const {webhook, ...more} = request.body as z.output<typeof testWebhookRequest>;
			return webhooks.test(found(webhooks, webhook), more);
		},
	);
};

const hostByDefault = '127.0.0.1';
const portByDefault = 4780;

const hostOf = (host: string): string => {
	if (host === 'localhost') return hostByDefault;
	if (isIP(host) !== 0) return host;
	throw usageInvalid(
		`"${host}" is no IP address.`,
		'Give the address to listen on, such as 127.0.0.1, or 0.0.0.0 for all that this machine has.',
	);
};

/** @throws AiworkflowError `webhook.denied`. */
const checkCaller = (request: FastifyRequest, verb: string): void => {
	const inside = attemptOfCaller(request);
	if (inside !== undefined) throw webhookDenied(verb, `run ${inside}`);
};

const listenerViewOf = (webhooks: Webhooks): WebhookListenerView => {
	const {address, isListening, failure} = webhooks.listener();
	return {address, isListening, isOpenToOthers: address !== null && !isLoopback(address.host), failure};
};

const viewOf = (
	{armed, state, detail, counts}: ReturnType<Webhooks['all']>[number],
	{address, isListening}: WebhookListenerView,
): WebhookView => {
	const {workflow, file, workspace, trigger} = armed;
	const {path, style, methods, respond, secretName} = trigger;
	return {
		...{path, workflow, file, workspace, trigger: trigger.id, style, methods, respond, state},
		url: address && isListening && state !== 'conflict' ? `http://${authorityOf(address)}${path}` : null,
		secret: secretName ?? null,
		detail: detail ?? null,
		accepted: counts?.accepted ?? 0,
		duplicates: counts?.duplicates ?? 0,
		refused: counts?.refused ?? {},
		lastAt: counts ? new Date(counts.lastAtMs).toISOString() : null,
	};
};

const authorityOf = ({host, port}: {readonly host: string; readonly port: number}): string =>
	`${host.includes(':') ? `[${host}]` : host}:${port}`;

/** @throws AiworkflowError `webhook.not-found`, or `usage.invalid` where a workflow has several. */
const found = (webhooks: Webhooks, asked: string): ArmedWebhook => {
	const all = webhooks.all();
	const byPath = all.filter(({armed, state}) => armed.trigger.path === asked && state !== 'conflict');
	const matches =
		byPath.length > 0 ? byPath : all.filter(({armed: {workflow, file}}) => workflow === asked || file === asked);
	if (matches.length > 1) {
		const paths = matches.map(({armed}) => armed.trigger.path).join(', ');
		throw usageInvalid(`"${asked}" has ${matches.length} webhooks: ${paths}.`, 'Give the path of one of them.');
	}

	if (matches[0]) return matches[0].armed;
	throw webhookNotFound(
		asked,
		all.map(({armed}) => armed.trigger.path),
	);
};
