/** How many attempts each agent has, those that are about to begin included. */
export interface Loads {
	of(agent: string): number;
	letGo(agent: string): void;
	/**
	 * Chooses an agent and takes a place with it, one after the other for each list of agents: who is chosen next sees the
	 * load of those before.
	 */
	choose<Choice extends {readonly agent: string}>(
		agents: readonly string[],
		work: () => Promise<Choice>,
	): Promise<Choice>;
	/** Of an attempt found again after a restart. */
	take(agent: string): void;
}

/** @param onLetGo An agent may have room again. */
export const createLoads = (onLetGo: () => void): Loads => {
	const counts = new Map<string, number>();
	/** The last of those that choose from a list, by the list. */
	const turns = new Map<string, Promise<unknown>>();
	const add = (agent: string, change: 1 | -1) => {
		const count = Math.max(0, (counts.get(agent) ?? 0) + change);
		if (count === 0) counts.delete(agent);
		else counts.set(agent, count);
	};

	return {
		of: agent => counts.get(agent) ?? 0,
		take: agent => add(agent, 1),
		letGo(agent) {
			add(agent, -1);
			onLetGo();
		},
		choose(agents, work) {
			const list = agents.join('\n');
			const before = turns.get(list) ?? Promise.resolve();
			const turn = before.then(async () => {
				const choice = await work();
				add(choice.agent, 1);
				return choice;
			});
			// Whoever is next begins, however this one ended.
			const settled = turn
				.catch(() => {})
				.finally(() => {
					if (turns.get(list) === settled) turns.delete(list);
				});
			turns.set(list, settled);
			return turn;
		},
	};
};
