import type {AgentCheck} from '../../../source/api/messages.ts';
import {createAdapter} from '../adapters.ts';
import type {AgentSpec} from '../spec.ts';
import {loginOf} from './login.ts';

type Environment = Readonly<Record<string, string>>;

/** How long the health of an agent, once found, is believed. */
const believedMsMax = 60_000;

/** Looks whether agents work, and remembers for a minute what it found. */
export const createExaminer = (now: () => number) => {
	const found = new Map<string, {readonly atMs: number; readonly check: Promise<AgentCheck>}>();
	const keyOf = (spec: AgentSpec, environment: Environment) => JSON.stringify([spec, environment.PATH]);

	const examine = async (spec: AgentSpec, environment: Environment, depth: 'quick' | 'deep'): Promise<AgentCheck> => {
		const fromMs = now();
		const health = await createAdapter(spec, environment).health(depth);
		const latencyMs = Math.max(0, now() - fromMs);
		const login = depth === 'deep' && health.isHealthy ? await loginOf(spec, environment) : 'unknown';
		// What a healthy agent remarks is which keys are not set: whoever is logged in needs none.
		const detail = login === 'in' ? null : health.detail;
		return {...health, detail, login, latencyMs, checkedAt: new Date(now()).toISOString()};
	};

	const remember = (spec: AgentSpec, environment: Environment, depth: 'quick' | 'deep') => {
		for (const [old, {atMs}] of found) if (now() - atMs >= believedMsMax) found.delete(old);
		const check = examine(spec, environment, depth);
		found.set(keyOf(spec, environment), {atMs: now(), check});
		return check;
	};

	return {
		/** As found within the last minute, else by a quick look. */
		believed(spec: AgentSpec, environment: Environment): Promise<AgentCheck> {
			const known = found.get(keyOf(spec, environment));
			return known && now() - known.atMs < believedMsMax ? known.check : remember(spec, environment, 'quick');
		},
		/** A look of now; later ones believe it. */
		now: remember,
	};
};
