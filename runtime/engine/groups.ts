import type {RunState} from '../../source/run/state.ts';

interface GroupRow {
	readonly id: string;
	readonly workspace: string;
	readonly concurrencyGroup: string;
	readonly status: string;
}

/** Which runs of a concurrency group have not ended. Only ids: the runs themselves may not be in memory. */
export const createGroups = () => {
	const members = new Map<string, Map<string, 'queued' | 'begun'>>();
	const keyIn = (workspace: string, group: string) => `${workspace}\n${group}`;
	const keyOf = ({workspace, concurrency}: RunState) => concurrency && keyIn(workspace, concurrency.group);
	const noteAs = (key: string, id: string, status: 'queued' | 'begun') => {
		const group = members.get(key) ?? new Map<string, 'queued' | 'begun'>();
		group.set(id, status);
		members.set(key, group);
	};

	return {
		note(run: RunState, status: 'queued' | 'begun'): void {
			const key = keyOf(run);
			if (key !== undefined) noteAs(key, run.id, status);
		},
		/** Of a run that is not in memory. */
		noteRow({id, workspace, concurrencyGroup, status}: GroupRow): void {
			noteAs(keyIn(workspace, concurrencyGroup), id, status === 'queued' ? 'queued' : 'begun');
		},
		leave(run: RunState): void {
			const key = keyOf(run);
			const group = key === undefined ? undefined : members.get(key);
			group?.delete(run.id);
			if (group?.size === 0) members.delete(key!);
		},
		/** @returns Ids of the other runs of its group that have not ended. */
		othersOf(run: RunState): string[] {
			const key = keyOf(run);
			return key === undefined ? [] : [...(members.get(key)?.keys() ?? [])].filter(id => id !== run.id);
		},
		/** Whether a run has to wait for another one of its group. */
		isBlocked(run: RunState): boolean {
			const key = keyOf(run);
			if (key === undefined) return false;
			return [...(members.get(key) ?? [])].some(([id, status]) => id !== run.id && status === 'begun');
		},
	};
};

export type Groups = ReturnType<typeof createGroups>;
