import {chmodSync, mkdirSync, rmSync} from 'node:fs';
import path from 'node:path';
import swagger from '@fastify/swagger';
import fastify, {LogController} from 'fastify';
import {jsonSchemaTransform, serializerCompiler, validatorCompiler} from 'fastify-type-provider-zod';
import {failureResponse} from '../../source/api/contract.ts';
import {AiworkflowError, type Failure, failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {version} from '../../source/version.ts';
import type {DaemonParts, Server} from './daemon-parts.ts';
import {logBreakers} from './log-events.ts';
import {registerAgents} from './routes/agents.ts';
import {registerApprovals} from './routes/approvals.ts';
import {registerCosts} from './routes/costs.ts';
import {registerDaemon} from './routes/daemon.ts';
import {registerDeliveries} from './routes/deliveries.ts';
import {registerEvents} from './routes/events.ts';
import {registerHousekeeping} from './routes/housekeeping.ts';
import {registerLogs} from './routes/logs.ts';
import {registerOutput} from './routes/output.ts';
import {registerQueues} from './routes/queues.ts';
import {registerRequests} from './routes/requests.ts';
import {registerRuns} from './routes/runs.ts';
import {registerSchedules} from './routes/schedules.ts';
import {registerStatus} from './routes/status.ts';
import {registerSteering} from './routes/steering.ts';
import {registerToolServing} from './routes/tool-serving.ts';
import {registerTools} from './routes/tools.ts';
import {registerTriggers} from './routes/triggers.ts';
import {registerWebhooks} from './routes/webhooks.ts';
import {registerWorkspaces} from './routes/workspaces.ts';

/** The one API, on a Unix socket that only its owner can open. Open streams do not hold up its closing. */
export const createServer = async (parts: DaemonParts): Promise<Server> => {
	const server = fastify({
		forceCloseConnections: true,
		// Nobody would ever end the streams that a HEAD opens.
		exposeHeadRoutes: false,
		bodyLimit: limits.requestBytesMax,
		loggerInstance: parts.log,
		logController: new LogController({disableRequestLogging: true}),
	}) as unknown as Server;
	logBreakers(parts.bus, parts.log);
	server.setValidatorCompiler(validatorCompiler);
	server.setSerializerCompiler(serializerCompiler);
	server.setErrorHandler((error, request, reply) => {
		const failure = failureOfRequest(error);
		const status = statusOf(failure.code);
		if (status >= 500) parts.log.error({error, url: request.url}, 'a request failed');
		void reply.code(status).serializer(JSON.stringify).type('application/json').send({error: failure});
	});
	server.setNotFoundHandler((request, reply) => {
		const message = `There is no route ${request.method} ${request.url.split('?')[0]}.`;
		const suggestion = 'GET /v1/openapi.json lists them all.';
		void reply.code(404).send({error: {code: 'route.not-found', message, suggestion}});
	});
	await server.register(swagger, {
		openapi: {
			openapi: '3.1.0',
			info: {title: 'aiworkflow', version, description: 'The API of the local daemon, on its Unix socket.'},
		},
		transform: jsonSchemaTransform,
	});
	await server.register(
		async api => {
			// What every route may answer instead stands in the document once, here.
			api.addHook('onRoute', route => {
				const {response} = (route.schema ?? {}) as {readonly response?: object};
				route.schema = {...route.schema, response: {...response, '4xx': failureResponse, '5xx': failureResponse}};
			});
			for (const register of [
				registerDaemon,
				registerStatus,
				registerCosts,
				registerHousekeeping,
				registerRuns,
				registerSteering,
				registerOutput,
				registerRequests,
				registerLogs,
				registerApprovals,
				registerAgents,
				registerToolServing,
				registerTools,
				registerTriggers,
				registerSchedules,
				registerWorkspaces,
				registerWebhooks,
				registerQueues,
				registerDeliveries,
				registerEvents,
			]) {
				register(api as unknown as Server, parts);
			}
		},
		{prefix: '/v1'},
	);
	return server;
};

/** Opens the socket; whoever holds the writer lock may remove one that an ended daemon left behind. */
export const listen = async (server: Server, socketPath: string): Promise<void> => {
	mkdirSync(path.dirname(socketPath), {recursive: true, mode: 0o700});
	rmSync(socketPath, {force: true});
	const umask = process.umask(0o077);
	try {
		await server.listen({path: socketPath});
		chmodSync(socketPath, 0o600);
	} finally {
		process.umask(umask);
	}
};

const failureOfRequest = (error: unknown): Failure => {
	if (error instanceof AiworkflowError) return failureOf(error);
	const {statusCode, message} = error as {statusCode?: number; message?: string};
	// What the framework refuses: a body that is no JSON, too large, or does not fit its schema.
	if (statusCode !== undefined && statusCode < 500) {
		const suggestion = 'GET /v1/openapi.json shows what the route takes.';
		return {code: 'request.invalid', message: `The request does not fit: ${message}`, suggestion};
	}

	return failureOf(error);
};

const statuses: Readonly<Record<string, number>> = {
	'approval.answered': 409,
	'run.ended': 409,
	'run.not-ended': 409,
	'run.not-paused': 409,
	'run.not-recorded': 409,
	'schedule.unarmed': 409,
	'step.ended': 409,
	'trigger.overloaded': 503,
	'webhook.not-listening': 409,
	'webhook.port-taken': 409,
	'workspace.untrusted': 403,
	'queue.unreachable': 503,
	'queue.full': 503,
	'queue.message-too-large': 413,
	'journal.unwritable': 503,
	'state.unwritable': 503,
	'internal.unexpected': 500,
};

const statusOf = (code: string): number => {
	if (statuses[code]) return statuses[code];
	if (code.endsWith('.denied')) return 403;
	return code.endsWith('.not-found') ? 404 : 400;
};
