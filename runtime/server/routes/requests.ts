import {z} from 'zod';
import type {StepRequest} from '../../../source/api/messages.ts';
import {limits} from '../../../source/limits.ts';
import {maskText} from '../../../source/mask.ts';
import {attemptFolderOf} from '../../../source/paths.ts';
import {unitKeyOf, unitOf} from '../../../source/run/state.ts';
import type {StepDefinition} from '../../../source/workflow/definition.ts';
import {promptIn} from '../../recordings/prompts.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';
import {findRun} from '../find.ts';
import {unitOfRun} from '../unit-of-run.ts';

const params = z.object({
	id: z.string(),
	stepId: z.string().describe('Id of a step, or an item of it: `fix[3]`, `fix.3`.'),
});
const query = z.object({
	attempt: z.coerce.number().int().min(1).optional().describe('Default: the last one.'),
});

export const registerRequests = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/runs/:id/steps/:stepId/request',
		{
			schema: {
				tags: ['runs'],
				summary: 'What a step was asked to do: prompt or script, and names of its environment',
				params,
				querystring: query,
			},
		},
		async (request): Promise<StepRequest> => {
			const {id, stepId} = request.params as z.output<typeof params>;
			const run = findRun(parts, id);
			const unit = unitOfRun(run, stepId);
			const {attempt: asked} = request.query as z.output<typeof query>;
			const attempt = asked ?? unitOf(run, unit.stepId, unit.item).attempts.at(-1)?.number ?? 1;
			const {adoptedFrom} = run.steps[unit.stepId]!;
			const key = unitKeyOf(unit.stepId, unit.item);
			const folder = attemptFolderOf(parts.stateFolder, adoptedFrom?.runId ?? run.id, key, attempt);
			const definition = parts.definitions.read(run.workflow.hash);
			const step = definition.steps.find(each => each.id === unit.stepId);
			const text = promptIn(folder) ?? (step && codeOf(step));
			const masked = text === undefined ? undefined : maskText(text, parts.engine.secretsOf(run.id));
			return {
				attempt,
				text: masked?.slice(0, limits.promptShownLengthMax) ?? null,
				isWhole: masked === undefined || masked.length <= limits.promptShownLengthMax,
				environment: [...new Set([...Object.keys(definition.env), ...Object.keys(step?.env ?? {})])].toSorted(),
			};
		},
	);
};

/** What a step does, as its file has it; of an agent, its attempt knows. */
const codeOf = (step: StepDefinition): string | undefined => {
	if (step.kind === 'script') return step.code;
	if (step.kind === 'transform') return step.expression;
	return step.kind === 'sql' ? step.query : undefined;
};
