import type {Hint} from '../../source/api/messages.ts';

/** Live hints: told to whoever listens at this moment, never kept. */
export const createHintBus = () => {
	const listeners = new Set<(hint: Hint) => void>();
	return {
		tell(hint: Hint): void {
			for (const listener of listeners) listener(hint);
		},
		listen(listener: (hint: Hint) => void): () => void {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
	};
};

export type HintBus = ReturnType<typeof createHintBus>;
