import type {AgentCheck} from '../../../source/api/messages.ts';
import {limits} from '../../../source/limits.ts';
import type {Clock} from '../../engine/parts.ts';

type Environment = Readonly<Record<string, string>>;

export interface HealthWatchParts {
	readonly clock: Clock;
	/** A quick look of now. Rejects where the agent is not described any more. */
	readonly examine: (workspace: string, agent: string, environment: Environment) => Promise<AgentCheck>;
	/** While nothing new begins, nothing is looked at either. */
	readonly isDraining: () => boolean;
	/** Another state than the last time. At first all are taken for healthy. */
	readonly onChange: (workspace: string, check: AgentCheck) => void;
}

interface Used {
	readonly workspace: string;
	readonly agent: string;
	/** That of the run that used it last. */
	readonly environment: Environment;
	readonly atMs: number;
}

/** Looks now and then at the agents that runs used lately, so that it is known before the next run needs them. */
export const createHealthWatch = ({clock, examine, isDraining, onChange}: HealthWatchParts) => {
	const used = new Map<string, Used>();
	/** What was the matter with those that did not work, by key. */
	const unhealthy = new Map<string, AgentCheck>();
	let cancel: (() => void) | undefined;
	let isStopped = false;

	const forget = (key: string) => {
		used.delete(key);
		unhealthy.delete(key);
	};

	const look = async (key: string, {workspace, agent, environment}: Used) => {
		const check = await examine(workspace, agent, environment).catch(() => undefined);
		// Nobody describes it any more, or nobody trusts the description.
		if (!check) return forget(key);
		if (isStopped || check.isHealthy !== unhealthy.has(key)) return;
		if (check.isHealthy) unhealthy.delete(key);
		else unhealthy.set(key, check);
		onChange(workspace, check);
	};

	const lookAround = async () => {
		for (const [key, each] of [...used]) {
			if (isStopped || isDraining()) return;
			// One that broke is looked at until it works again, so that its change back is told.
			if (each.atMs + limits.agentWatchMs < clock.now() && !unhealthy.has(key)) used.delete(key);
			// One after the other: a look starts a process.
			else await look(key, each);
		}
	};

	const schedule = () => {
		if (isStopped || cancel || used.size === 0) return;
		cancel = clock.at(clock.now() + limits.agentCheckIntervalMs, () => {
			void lookAround().finally(() => {
				cancel = undefined;
				schedule();
			});
		});
	};

	return {
		/** A run was given this agent. */
		note(workspace: string, agent: string, environment: Environment): void {
			used.set(JSON.stringify([workspace, agent]), {workspace, agent, environment, atMs: clock.now()});
			schedule();
		},
		/** Those that runs used lately and that did not work when they were last looked at. */
		unhealthy: (): readonly AgentCheck[] => [...unhealthy.values()],
		stop(): void {
			isStopped = true;
			cancel?.();
		},
	};
};
