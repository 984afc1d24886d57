import {AiworkflowError} from '../../errors.ts';
import type {CockpitDaemon} from '../daemon.ts';
import type {Store} from '../store/store.ts';

/** Fetches the state of runs whose events cannot be folded: unknown ones, and ones with a gap. */
export const createMissingRuns = (store: Store) => {
	const asked = new Set<string>();

	const fetchRun = async (daemon: CockpitDaemon, runId: string): Promise<void> => {
		try {
			const run = await daemon.runState(runId);
			asked.delete(runId);
			store.collect({kind: 'run', run});
		} catch (error) {
			asked.delete(runId);
			// A lost connection asks again when it is back; what is not there is not asked for again.
			if (!isUnreachable(error)) store.collect({kind: 'run-gone', runId});
		}
	};

	return {
		/** Looks for missing runs in what was published. */
		look(daemon: CockpitDaemon | undefined): void {
			if (!daemon) return;
			for (const runId of store.get().orphans.keys()) {
				if (asked.has(runId)) continue;
				asked.add(runId);
				void fetchRun(daemon, runId);
			}
		},
	};
};

export const isUnreachable = (error: unknown): boolean =>
	error instanceof AiworkflowError && error.code === 'daemon.unreachable';
