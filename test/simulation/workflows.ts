import type {StepBase, StepDefinition, WorkflowDefinition} from '../../source/workflow/definition.ts';
import type {Random} from './random.ts';

const dayMs = 86_400_000;

/** A workflow nobody would write: every construct of the language, put together at random. */
export const randomWorkflow = (random: Random): WorkflowDefinition => {
	const steps: StepDefinition[] = [];
	const count = random.between(1, 10);
	for (let index = 0; index < count; index++) steps.push(randomStep(random, index, steps));
	return {
		name: 'simulated',
		inputs: {},
		outputs: {},
		env: {},
		agents: ['someone'],
		passEnv: [],
		secretNames: [],
		...(random.chance(0.15) ? {timeoutMs: random.between(1000, 40 * dayMs)} : undefined),
		steps,
	};
};

const conditions = [undefined, undefined, undefined, 'always()', 'failure()', 'success()', 'cancelled()', '!failure()'];

const randomStep = (random: Random, index: number, above: readonly StepDefinition[]): StepDefinition => {
	const needs = above.filter(() => random.chance(0.3)).map(({id}) => id);
	const base: StepBase = {
		id: `s${index}`,
		title: `s${index}`,
		line: index + 1,
		needs: needs.length === 0 && index > 0 && random.chance(0.6) ? [above.at(-1)!.id] : needs,
		if: random.pick(conditions),
		env: {},
		continueOnError: random.chance(0.2),
		...(random.chance(0.2) ? {savepoint: `p${index}`} : undefined),
	};
	const kind = random.pick(['script', 'script', 'script', 'agent', 'approval', 'wait'] as const);
	if (kind === 'approval') {
		const upstream = above.filter(({id}) => isUpstream(id, base.needs, above));
		return {...base, kind, question: 'Go on?', ...randomApproval(random, upstream)};
	}

	if (kind === 'wait') return {...base, kind, ...randomWait(random)};
	const work = {...base, ...randomWork(random, base.id)};
	if (kind === 'agent') return {...work, kind, prompt: 'Do it.', agents: []};
	return {...work, kind, language: 'sh', code: 'true', codeLine: 1};
};

/** A rejection leads back to a step that the approval needs, directly or not: the language sees to it. */
const isUpstream = (id: string, needs: readonly string[], steps: readonly StepDefinition[]): boolean =>
	needs.some(need => need === id || isUpstream(id, steps.find(step => step.id === need)!.needs, steps));

const randomApproval = (random: Random, upstream: readonly StepDefinition[]) => {
	const onReject = random.pick(['fail', 'skip', 'goto'] as const);
	const expires = random.chance(0.4) ? {expiresMs: random.between(1, 30 * dayMs)} : undefined;
	return {
		...expires,
		onExpire: random.pick(['reject', 'approve', 'fail'] as const),
		onReject:
			onReject === 'goto'
				? upstream.length > 0
					? {goto: random.pick(upstream).id, max: random.between(1, 3)}
					: ('fail' as const)
				: onReject,
	};
};

const randomWait = (random: Random) => {
	if (random.chance(0.4)) {
		return {wait: '', signal: random.pick(['go', 'stop']), ...(random.chance(0.6) ? {timeoutMs: 50_000} : undefined)};
	}

	// Beyond what one `setTimeout` can hold, now and then.
	return {wait: random.chance(0.2) ? '30d' : `${random.between(1, 5000)}ms`};
};

const randomWork = (random: Random, id: string): Partial<StepBase> => ({
	...(random.chance(0.4)
		? {
				retry: {
					max: random.between(1, 3),
					delayMs: random.between(1, 1000),
					backoff: random.pick(['constant', 'linear', 'exponential'] as const),
					maxDelayMs: 5000,
					on: random.pick([[], ['script.failed'], ['attempt.*'], ['agent.crashed']]),
				},
			}
		: undefined),
	...(random.chance(0.2) ? {stepTimeoutMs: random.between(1, 20_000)} : undefined),
	...(random.chance(0.3) ? {onInterrupt: random.pick(['retry', 'ask', 'fail'] as const)} : undefined),
	...(random.chance(0.3) ? {undoScript: {language: 'sh' as const, code: 'true', codeLine: 1}} : undefined),
	...randomLoop(random, id),
});

const randomLoop = (random: Random, id: string): Partial<StepBase> => {
	if (random.chance(0.25)) {
		return {
			foreach: Array.from({length: random.between(0, 6)}, (_, index) => index),
			...(random.chance(0.6) ? {maxParallel: random.between(1, 3)} : undefined),
			failFast: random.chance(0.3),
		};
	}

	if (random.chance(0.15)) {
		return {repeat: {until: `steps.${id}.outputs.isDone == true`, max: random.between(1, 4)}};
	}

	return {};
};
