import type {z} from 'zod';
import {drainRequest, healthResponse} from '../../../source/api/contract.ts';
import {failureOf} from '../../../source/errors.ts';
import {version} from '../../../source/version.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerDaemon = (server: Server, parts: DaemonParts): void => {
	let isDraining = false;
	server.get(
		'/health',
		{
			schema: {
				tags: ['daemon'],
				summary: 'Whether the daemon is well, and what it is doing',
				response: {200: healthResponse},
			},
		},
		async () => healthOf(parts, isDraining),
	);
	server.post(
		'/daemon/stop',
		{schema: {tags: ['daemon'], summary: 'Stop in order; attempts go on and are found again by the next daemon'}},
		async (_, reply) => {
			reply.raw.once('finish', () => parts.stop('asked for'));
			return {stopping: true};
		},
	);
	server.post(
		'/daemon/drain',
		{schema: {tags: ['daemon'], summary: 'Begin nothing new, or begin again', body: drainRequest}},
		async request => {
			({isOn: isDraining} = request.body as z.output<typeof drainRequest>);
			parts.engine.drain(isDraining);
			return healthOf(parts, isDraining);
		},
	);
	server.get('/openapi.json', {schema: {tags: ['daemon'], summary: 'This document'}}, async (_, reply) =>
		reply.serializer(JSON.stringify).send(server.swagger()),
	);
};

const healthOf = (parts: DaemonParts, isDraining: boolean): z.output<typeof healthResponse> => {
	const {stateFolder, socketPath, startedAtMs, clock, engine, journal, runs, approvals} = parts;
	// Runs that only wait are not in memory: their rows are asked.
	const {queued = 0, running = 0, waiting = 0, paused = 0} = runs.openCounts();
	const failure = parts.failure();
	return {
		status: failure ? 'failing' : 'ok',
		pid: process.pid,
		version,
		socket: socketPath,
		stateFolder,
		startedAt: new Date(startedAtMs).toISOString(),
		uptimeMs: clock.now() - startedAtMs,
		runs: {queued, running, waiting, paused},
		approvalsOpen: approvals.countOpen(),
		attemptsRunning: engine.attemptsRunning(),
		isDraining,
		cursor: journal.cursor,
		failure: failure && failureOf(failure),
	};
};
