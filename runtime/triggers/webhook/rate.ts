/** Lets through so many a second for each key, and a burst on top: a bucket of tokens that fills again by itself. */
export const createRate = (perSecond: number, burst: number, now: () => number) => {
	const buckets = new Map<string, {tokens: number; atMs: number}>();
	return {
		/** @returns Milliseconds after which it may come again; 0: it is let through. */
		take(key: string): number {
			const atMs = now();
			const bucket = buckets.get(key) ?? {tokens: burst, atMs};
			const gained = (Math.max(0, atMs - bucket.atMs) * perSecond) / 1000;
			bucket.tokens = Math.min(burst, bucket.tokens + gained);
			bucket.atMs = atMs;
			buckets.set(key, bucket);
			if (bucket.tokens < 1) return Math.ceil(((1 - bucket.tokens) * 1000) / perSecond);
			bucket.tokens--;
			return 0;
		},
		/** Forgets every key that is not among these. */
		keep(keys: ReadonlySet<string>): void {
			for (const key of buckets.keys()) if (!keys.has(key)) buckets.delete(key);
		},
	};
};
