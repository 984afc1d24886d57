import type {Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';

/** How an implementation did when it was last asked. */
export interface ToolHealth {
	/** Unix milliseconds. */
	readonly atMs: number;
	/** It answered, even if only to say that it failed. */
	readonly isHealthy: boolean;
	readonly failure?: Failure;
}

/** Kept by `<tool>/<implementation>` as long as the daemon lives: what was long ago says nothing. */
export interface ToolHealths {
	/** @param failure Missing: it answered. */
	note(name: string, failure: Failure | undefined): void;
	/** `undefined`: nobody asked it. */
	of(name: string): ToolHealth | undefined;
	/** It did not work a short while ago: others come first. */
	isDoubted(name: string): boolean;
}

/** What says that the tool itself, and not what it was asked for, is the matter. */
const isOfTool: ReadonlySet<string> = new Set([
	'tool.unreachable',
	'tool.unauthenticated',
	'tool.rate-limited',
	'tool.answer-invalid',
	'tool.answer-too-large',
	'attempt.timed-out',
	'step.crashed',
]);

/** @param now Unix milliseconds. */
export const createToolHealths = (now: () => number): ToolHealths => {
	const last = new Map<string, ToolHealth>();
	return {
		note(name, failure) {
			const isHealthy = !failure || !isOfTool.has(failure.code);
			last.delete(name);
			last.set(name, {atMs: now(), isHealthy, ...(failure && {failure})});
			if (last.size > keptMax) last.delete(last.keys().next().value!);
		},
		of: name => last.get(name),
		isDoubted(name) {
			const health = last.get(name);
			return health !== undefined && !health.isHealthy && now() - health.atMs < limits.toolDistrustMs;
		},
	};
};

const keptMax = 2000;
