import type {ServerResponse} from 'node:http';
import path from 'node:path';
import {z} from 'zod';
import {outputQuery} from '../../../source/api/contract.ts';
import type {OutputPage} from '../../../source/api/messages.ts';
import {AiworkflowError, stepNotFound} from '../../../source/errors.ts';
import {attemptFolderOf} from '../../../source/paths.ts';
import {isStepEnded, type RunState} from '../../../source/run/state.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {drained} from '../drained.ts';
import {findRun} from '../find.ts';
import {createOutputReader, type OutputReader} from '../output-reader.ts';

const params = z.object({id: z.string(), stepId: z.string()});

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
			const {attempt, readers} = openOutput(parts, run, stepId, query);
			if (!query.follow) {
				const isEnded = hasEnded(run, stepId, attempt);
				const chunks = (await Promise.all(readers.map(reader => reader.read(isEnded)))).flat();
				const [stdoutBytes, stderrBytes] = await Promise.all(readers.map(reader => reader.sizeBytes()));
				return {attempt, chunks, stdoutBytes: stdoutBytes!, stderrBytes: stderrBytes!, isEnded};
			}

			reply.hijack();
			await follow(reply.raw, readers, () => hasEnded(currentRun(parts, run), stepId, attempt)).catch(error => {
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

const openOutput = (parts: DaemonParts, run: RunState, stepId: string, query: z.output<typeof outputQuery>) => {
	// A name that every object has, such as "constructor", is no step.
	const step = Object.hasOwn(run.steps, stepId) ? run.steps[stepId] : undefined;
	if (!step) throw stepNotFound(run.id, stepId, run.stepOrder);
	const attempt = query.attempt ?? Math.max(step.attempts.length, 1);
	if (attempt > Math.max(step.attempts.length, 1)) {
		throw new AiworkflowError({
			code: 'step.not-found',
			message: `Step "${stepId}" has ${step.attempts.length} attempts, not ${attempt}.`,
			suggestion: 'Leave `attempt` out for the last one.',
		});
	}

	const folder = attemptFolderOf(parts.stateFolder, run.id, stepId, attempt);
	const secrets = parts.engine.secretsOf(run.id);
	const readers: OutputReader[] = [
		createOutputReader('stdout', path.join(folder, 'stdout.log'), query.stdout, secrets),
		createOutputReader('stderr', path.join(folder, 'stderr.log'), query.stderr, secrets),
	];
	return {attempt, readers};
};

const currentRun = (parts: DaemonParts, run: RunState) => parts.engine.stateOf(run.id) ?? findRun(parts, run.id);

const hasEnded = (run: RunState, stepId: string, attempt: number): boolean => {
	const {status, attempts} = run.steps[stepId]!;
	return isStepEnded(status) || attempts.some(({number, status: state}) => number === attempt && state !== 'running');
};
