import type {ServerResponse} from 'node:http';
import path from 'node:path';
import {z} from 'zod';
import {outputQuery} from '../../../source/api/contract.ts';
import type {OutputPage} from '../../../source/api/messages.ts';
import {AiworkflowError} from '../../../source/errors.ts';
import {attemptFolderOf} from '../../../source/paths.ts';
import type {UnitRef} from '../../../source/run/events.ts';
import {isStepEnded, type RunState, unitKeyOf, unitNameOf, unitOf} from '../../../source/run/state.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {drained} from '../drained.ts';
import {findRun} from '../find.ts';
import {createOutputReader, type OutputReader} from '../output-reader.ts';
import {newestUndoOf} from '../undo-folder.ts';
import {unitOfRun} from '../unit-of-run.ts';

const params = z.object({
	id: z.string(),
	stepId: z.string().describe('Id of a step, or an item of it: `fix[3]`, `fix.3`.'),
});

/** How often a followed output is looked at. */
const followMs = 50;

export const registerOutput = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/runs/:id/steps/:stepId/output',
		{
			schema: {
				tags: ['runs'],
				summary: 'Output of a step from an offset on, once or as it grows',
				params,
				querystring: outputQuery,
			},
		},
		async (request, reply): Promise<OutputPage | undefined> => {
			const {id, stepId} = request.params as z.output<typeof params>;
			const query = request.query as z.output<typeof outputQuery>;
			const run = findRun(parts, id);
			const {attempt, readers, hasEnded} = openOutput(parts, run, unitOfRun(run, stepId), query);
			if (!query.follow) {
				const isEnded = hasEnded(run);
				const chunks = (await Promise.all(readers.map(reader => reader.read(isEnded)))).flat();
				const [stdoutBytes, stderrBytes] = await Promise.all(readers.map(reader => reader.sizeBytes()));
				return {attempt, chunks, stdoutBytes: stdoutBytes!, stderrBytes: stderrBytes!, isEnded};
			}

			reply.hijack();
			await follow(reply.raw, readers, () => hasEnded(currentRun(parts, run))).catch(error => {
				parts.log.error({err: error}, 'an output could not be followed');
				reply.raw.destroy();
			});
			return undefined;
		},
	);
};

const follow = async (response: ServerResponse, readers: readonly OutputReader[], hasEnded: () => boolean) => {
	response.writeHead(200, {'content-type': 'application/x-ndjson', 'cache-control': 'no-store'});
	response.flushHeaders();
	while (!response.destroyed) {
		// Looked up before reading, so that what was written last before the end is read too.
		const isEnded = hasEnded();
		let isDrained = true;
		for (const reader of readers) {
			for (const chunk of await reader.read(isEnded)) {
				isDrained = false;
				response.write(`${JSON.stringify(chunk)}\n`);
				await drained(response);
			}
		}

		if (isEnded && isDrained) return void response.end('{"end":true}\n');
		if (isDrained) await new Promise(resolve => setTimeout(resolve, followMs));
	}
};

interface OpenOutput {
	readonly attempt: number;
	readonly readers: readonly OutputReader[];
	/** Whether no more will come, of the run as it stands. */
	readonly hasEnded: (run: RunState) => boolean;
}

const openOutput = (
	parts: DaemonParts,
	run: RunState,
	unit: UnitRef,
	query: z.output<typeof outputQuery>,
): OpenOutput => {
	const secrets = parts.engine.secretsOf(run.id);
	const readersIn = (folder: string): OutputReader[] => [
		createOutputReader('stdout', path.join(folder, 'stdout.log'), query.stdout, secrets),
		createOutputReader('stderr', path.join(folder, 'stderr.log'), query.stderr, secrets),
	];
	const key = unitKeyOf(unit.stepId, unit.item);
	if (query.undo) {
		const {name, attempt} = newestUndoOf(parts.stateFolder, run.id, unit);
		const readers = readersIn(attemptFolderOf(parts.stateFolder, run.id, key, name));
		return {attempt, readers, hasEnded: now => !isBeingUndone(now, name)};
	}

	const {adoptedFrom} = run.steps[unit.stepId]!;
	const last = adoptedFrom?.attempt ?? unitOf(run, unit.stepId, unit.item).attempts.at(-1)?.number ?? 0;
	const attempt = query.attempt ?? Math.max(last, 1);
	if (attempt > Math.max(last, 1)) {
		throw new AiworkflowError({
			code: 'step.not-found',
			message: `Step "${unitNameOf(unit.stepId, unit.item)}" has ${last} attempts, not ${attempt}.`,
			suggestion: 'Leave `attempt` out for the last one.',
		});
	}

	// What a fork took over is where it was made.
	const folder = attemptFolderOf(parts.stateFolder, adoptedFrom?.runId ?? run.id, key, attempt);
	return {attempt, readers: readersIn(folder), hasEnded: now => hasAttemptEnded(now, unit, attempt)};
};

const currentRun = (parts: DaemonParts, run: RunState) => parts.engine.stateOf(run.id) ?? findRun(parts, run.id);

const hasAttemptEnded = (run: RunState, {stepId, item}: UnitRef, attempt: number): boolean => {
	const {status, attempts} = unitOf(run, stepId, item);
	// Of an ended item only the last attempt is remembered.
	const last = attempts.at(-1)?.number ?? 0;
	return (
		isStepEnded(status) ||
		attempt < last ||
		attempts.some(({number, status: state}) => number === attempt && state !== 'running')
	);
};

const isBeingUndone = ({rollback}: RunState, folder: string): boolean =>
	rollback?.targets.some(target => target.folder === folder && target.status === 'running') ?? false;
