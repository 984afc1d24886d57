/** Numbers that only depend on the seed (mulberry32): a failing seed fails again. */
export const createRandom = (seed: number) => {
	let state = seed >>> 0;
	const next = (): number => {
		state = (state + 0x6d2b79f5) >>> 0;
		let mixed = state;
		mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
		mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
	};

	return {
		/** 0 to 1. */
		next,
		/** An integer from `min` to `max`, both included. */
		between: (min: number, max: number): number => min + Math.floor(next() * (max - min + 1)),
		chance: (probability: number): boolean => next() < probability,
		pick: <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!,
	};
};

export type Random = ReturnType<typeof createRandom>;
