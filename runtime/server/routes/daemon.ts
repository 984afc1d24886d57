import type {z} from 'zod';
import {healthResponse} from '../../../source/api/contract.ts';
import {failureOf} from '../../../source/errors.ts';
import {openApprovalsOf, runStatusOf} from '../../../source/run/views.ts';
import {version} from '../../../source/version.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerDaemon = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/health',
		{
			schema: {
				tags: ['daemon'],
				summary: 'Whether the daemon is well, and what it is doing',
				response: {200: healthResponse},
			},
		},
		async () => healthOf(parts),
	);
	server.post(
		'/daemon/stop',
		{schema: {tags: ['daemon'], summary: 'Stop in order; attempts go on and are found again by the next daemon'}},
		async (_, reply) => {
			reply.raw.once('finish', () => parts.stop('asked for'));
			return {stopping: true};
		},
	);
	server.get('/openapi.json', {schema: {tags: ['daemon'], summary: 'This document'}}, async (_, reply) =>
		reply.serializer(JSON.stringify).send(server.swagger()),
	);
};

const healthOf = (parts: DaemonParts): z.output<typeof healthResponse> => {
	const {stateFolder, socketPath, startedAtMs, clock, engine, journal} = parts;
	const runs = {queued: 0, running: 0, waiting: 0};
	let approvalsOpen = 0;
	for (const run of engine.openRuns()) {
		const status = runStatusOf(run);
		if (status === 'queued' || status === 'running' || status === 'waiting') runs[status]++;
		approvalsOpen += openApprovalsOf(run).length;
	}

	const failure = parts.failure();
	return {
		status: failure ? 'failing' : 'ok',
		pid: process.pid,
		version,
		socket: socketPath,
		stateFolder,
		startedAt: new Date(startedAtMs).toISOString(),
		uptimeMs: clock.now() - startedAtMs,
		runs,
		approvalsOpen,
		attemptsRunning: engine.attemptsRunning(),
		cursor: journal.cursor,
		failure: failure && failureOf(failure),
	};
};
