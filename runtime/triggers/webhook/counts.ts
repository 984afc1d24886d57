import type {Answer} from './receive.ts';

/** What came in for one path since the daemon began. */
export interface WebhookCounts {
	readonly accepted: number;
	/** Of these, what had come before. */
	readonly duplicates: number;
	/** By reason. */
	readonly refused: Readonly<Record<string, number>>;
	readonly lastAtMs: number;
}

/** Counts answers by path, and logs refusals: at most once in a while, nothing of what was sent. */
export const createCounts = ({now, warn, logIntervalMs}: CountsParts) => {
	const counts = new Map<
		string,
		{accepted: number; duplicates: number; refused: Record<string, number>; lastAtMs: number}
	>();
	let unlogged: Record<string, number> = {};
	let loggedAtMs = Number.NEGATIVE_INFINITY;

	const log = (refusal: string): void => {
		unlogged[refusal] = (unlogged[refusal] ?? 0) + 1;
		if (now() - loggedAtMs < logIntervalMs) return;
		warn({refused: unlogged}, 'requests to webhooks were refused');
		unlogged = {};
		loggedAtMs = now();
	};

	return {
		/** @param path Of a webhook; `undefined`: of none. */
		note(path: string | undefined, {body, refusal}: Answer): void {
			if (refusal !== undefined) log(refusal);
			if (path === undefined) return;
			const own = counts.get(path) ?? {accepted: 0, duplicates: 0, refused: {}, lastAtMs: 0};
			own.lastAtMs = now();
			if (refusal !== undefined) own.refused[refusal] = (own.refused[refusal] ?? 0) + 1;
			else {
				own.accepted++;
				if (body.duplicate === true) own.duplicates++;
			}

			counts.set(path, own);
		},
		of: (path: string): WebhookCounts | undefined => counts.get(path),
		/** Forgets every path that is not among these. */
		keep(paths: ReadonlySet<string>): void {
			for (const path of counts.keys()) if (!paths.has(path)) counts.delete(path);
		},
	};
};

interface CountsParts {
	readonly now: () => number;
	readonly warn: (what: object, message: string) => void;
	readonly logIntervalMs: number;
}
