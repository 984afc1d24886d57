import type {FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {deadDeliveriesRequest, deliveriesQuery, deliveryParams} from '../../../source/api/contract.ts';
import type {DeliveriesPage, DeliveryDetails, DeliveryView} from '../../../source/api/messages.ts';
import {AiworkflowError, usageInvalid} from '../../../source/errors.ts';
import {isoOf} from '../../../source/run/step-view.ts';
import {shownOf} from '../../../source/workflow/sealed.ts';
import type {Outbox} from '../../outbox/outbox.ts';
import type {Delivery} from '../../outbox/parts.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

/** Outgoing webhooks. */
export const registerDeliveries = (server: Server, {outbox}: DaemonParts): void => {
	server.get(
		'/deliveries',
		{
			schema: {
				tags: ['deliveries'],
				summary: 'Outgoing webhooks: what waits to be sent, what was, what was given up',
				querystring: deliveriesQuery,
			},
		},
		async (request): Promise<DeliveriesPage> => {
			const {status, workflow, run: runId} = request.query as z.output<typeof deliveriesQuery>;
			return {counts: outbox.counts(), deliveries: outbox.list({status, workflow, runId}).map(viewOf)};
		},
	);
	server.get(
		'/deliveries/:id',
		{schema: {tags: ['deliveries'], summary: 'One of them, with what is sent', params: deliveryParams}},
		async (request): Promise<DeliveryDetails> => {
			const {id} = request.params as z.output<typeof deliveryParams>;
			return detailsOf(outbox.find(found(outbox, id).id)!);
		},
	);
	server.post(
		'/deliveries/replay',
		{schema: {tags: ['deliveries'], summary: 'Try dead letters again', body: deadDeliveriesRequest}},
		async (request): Promise<{ids: readonly string[]}> => {
			refuseInside(request, 'replayed');
			const {origin, ...filter} = request.body as z.output<typeof deadDeliveriesRequest>;
			return {ids: await outbox.replay(deadOf(outbox, filter), origin)};
		},
	);
	server.post(
		'/deliveries/purge',
		{schema: {tags: ['deliveries'], summary: 'Remove dead letters', body: deadDeliveriesRequest}},
		async (request): Promise<{ids: readonly string[]}> => {
			refuseInside(request, 'removed');
			const {origin, ...filter} = request.body as z.output<typeof deadDeliveriesRequest>;
			return {ids: await outbox.purge(deadOf(outbox, filter), origin)};
		},
	);
};

type Filter = Omit<z.output<typeof deadDeliveriesRequest>, 'origin'>;

/** @throws AiworkflowError `delivery.not-found` for an id that no dead letter has. */
const deadOf = (outbox: Outbox, filter: Filter): Filter => {
	if (filter.ids === undefined) return filter;
	const ids = filter.ids.map(id => {
		const delivery = found(outbox, id);
		if (delivery.status === 'dead') return delivery.id;
		throw new AiworkflowError({
			code: 'delivery.not-dead',
			message: `Webhook ${delivery.id} is no dead letter: it is ${delivery.status}.`,
			suggestion: 'List them with `aiworkflow webhook dead list`.',
		});
	});
	return {...filter, ids};
};

/** @throws AiworkflowError `delivery.not-found`, or `usage.invalid` where several begin so. */
const found = (outbox: Outbox, asked: string): Delivery => {
	const matches = outbox.list({ids: [asked]});
	const match = matches.find(({id}) => id === asked) ?? matches[0];
	if (match && (match.id === asked || matches.length === 1)) return match;
	if (match) throw usageInvalid(`${matches.length} webhooks begin with "${asked}".`, 'Give more of the id.');
	throw new AiworkflowError({
		code: 'delivery.not-found',
		message: `There is no outgoing webhook ${asked}.`,
		suggestion: 'List them with `aiworkflow webhook deliveries`.',
	});
};

/** A step sends what its workflow says. It may not do more. */
const refuseInside = (request: FastifyRequest, verb: string): void => {
	const inside = attemptOfCaller(request);
	if (inside === undefined) return;
	throw new AiworkflowError({
		code: 'webhook.denied',
		message: `Dead letters cannot be ${verb} from inside run ${inside}: that is for a person to decide.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});
};

const viewOf = (delivery: Delivery): DeliveryView => {
	const {id, runId, workflow, workspace, destination: to, status, tries, triesMax, replays} = delivery;
	return {
		...{id, runId, workflow, workspace, to, status, tries, triesMax, replays},
		...{step: delivery.stepId ?? null, item: delivery.item ?? null, cause: delivery.cause ?? null},
		queuedAt: isoOf(delivery.queuedAtMs)!,
		nextAt: status === 'queued' ? isoOf(delivery.nextAtMs) : null,
		expiresAt: isoOf(delivery.expiresAtMs)!,
		settledAt: isoOf(delivery.settledAtMs),
		httpStatus: delivery.httpStatus ?? null,
		failure: delivery.failure ?? null,
	};
};

const detailsOf = (delivery: Delivery): DeliveryDetails => {
	const {request} = delivery;
	const headers = Object.entries(request?.headers ?? {}).map(([name, value]) => [name, shownOf(value)] as const);
	return {
		...viewOf(delivery),
		request: request
			? {
					...{method: request.method, url: shownOf(request.url), headers: Object.fromEntries(headers)},
					...{secret: request.secretName ?? null, body: request.body},
				}
			: null,
	};
};
