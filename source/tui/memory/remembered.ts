import {cockpitLimits} from '../limits.ts';

/** What the cockpit remembers from one day to the next, as it stands in the file. */
export interface Remembered {
	readonly version: 1;
	/** What was typed into the form of a workflow last, by its file; the file used last is the last one. */
	readonly inputs: Readonly<Record<string, RememberedInputs>>;
	/** Ids of failed runs that were put aside, the newest last. */
	readonly seen: readonly string[];
	/** Name of the theme that was chosen in the cockpit. */
	readonly theme?: string;
}

/** Text as it was typed, by name of the input. */
export type RememberedInputs = Readonly<Record<string, string>>;

export const nothingRemembered: Remembered = {version: 1, inputs: {}, seen: []};

/** @returns `undefined` for what is no such file. */
export const rememberedFrom = (value: unknown): Remembered | undefined => {
	if (!isRecord(value) || value.version !== 1) return undefined;
	const {inputs = {}, seen = [], theme} = value;
	if (!isRecord(inputs) || !Object.values(inputs).every(isRecordOfText)) return undefined;
	if (!Array.isArray(seen) || !seen.every(id => typeof id === 'string')) return undefined;
	if (theme !== undefined && typeof theme !== 'string') return undefined;
	return {version: 1, inputs: inputs as Remembered['inputs'], seen, ...(theme !== undefined && {theme})};
};

/** @param texts All of the form; what is long or named like a secret is left out. */
export const withInputs = (remembered: Remembered, file: string, texts: RememberedInputs): Remembered => {
	const kept = Object.entries(texts).filter(([name, text]) => !isSecretName(name) && text.length <= textLengthMax);
	const {[file]: _, ...others} = remembered.inputs;
	const entries = [...Object.entries(others), [file, Object.fromEntries(kept)] as const];
	return {...remembered, inputs: Object.fromEntries(entries.slice(-cockpitLimits.rememberedFormsMax))};
};

export const withSeen = (remembered: Remembered, ids: Iterable<string>): Remembered => {
	const seen = [...new Set([...remembered.seen, ...ids])].slice(-cockpitLimits.rememberedSeenMax);
	return {...remembered, seen};
};

/** No input can be declared secret, so its name has to say it. Rather one too many. */
export const isSecretName = (name: string): boolean =>
	/secret|token|passw|passphrase|credential|api[-_]?key|private[-_]?key/i.test(name);

const textLengthMax = 4096;

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isRecordOfText = (value: unknown): boolean =>
	isRecord(value) && Object.values(value).every(text => typeof text === 'string');
