import type {z} from 'zod';
import {backupRequest, compactRequest, pruneRequest, statisticsQuery} from '../../../source/api/contract.ts';
import type {CompactedRuns, PrunedRuns, StatisticsView} from '../../../source/api/messages.ts';
import type {Backup} from '../../store/backup.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

/** What keeps the journal small and safe. */
export const registerHousekeeping = (server: Server, {housekeeping}: DaemonParts): void => {
	server.get(
		'/runs/statistics',
		{
			schema: {
				tags: ['runs'],
				summary: 'How often runs succeed, how long they take, what they cost',
				querystring: statisticsQuery,
			},
		},
		async (request): Promise<StatisticsView> => {
			const {workflow, workspace, since, until} = request.query as z.output<typeof statisticsQuery>;
			return housekeeping.statistics({workflow, workspace, sinceMs: msOf(since), untilMs: msOf(until)});
		},
	);
	server.post(
		'/runs/prune',
		{schema: {tags: ['runs'], summary: 'Take old ended runs away, with their output', body: pruneRequest}},
		async (request): Promise<PrunedRuns> => {
			const {endedBefore, keepFailed, dryRun: isDryRun} = request.body as z.output<typeof pruneRequest>;
			return {...(await housekeeping.prune({endedBeforeMs: Date.parse(endedBefore), keepFailed, isDryRun})), isDryRun};
		},
	);
	server.post(
		'/runs/compact',
		{schema: {tags: ['runs'], summary: 'Put the events of old ended runs together', body: compactRequest}},
		async (request): Promise<CompactedRuns> => {
			const {endedBefore} = request.body as z.output<typeof compactRequest>;
			return housekeeping.compact(Date.parse(endedBefore));
		},
	);
	server.post(
		'/daemon/backup',
		{schema: {tags: ['daemon'], summary: 'Copy the journal while it is in use', body: backupRequest}},
		async (request): Promise<Backup> => {
			const {file, force} = request.body as z.output<typeof backupRequest>;
			return housekeeping.backup(file, force);
		},
	);
};

const msOf = (moment: string | undefined) => (moment === undefined ? undefined : Date.parse(moment));
