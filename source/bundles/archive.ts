import {AiworkflowError} from '../errors.ts';
import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import {bundleNamePattern} from './config.ts';

/** First in a packed bundle: what is in it. */
export const manifestName = 'MANIFEST.json';

export interface Manifest {
	readonly format: 1;
	readonly name: string;
	readonly version: string | null;
	readonly files: readonly ManifestFile[];
}

export interface ManifestFile {
	/** From the folder of the bundle, with `/`. */
	readonly path: string;
	readonly sizeBytes: number;
	/** In hex. */
	readonly sha256: string;
}

/** @returns Why a path must not be in a bundle; `undefined` where it may. Pure. */
export const pathProblem = (name: string): string | undefined => {
	if (name.length > limits.bundlePathLengthMax) return `it is longer than ${limits.bundlePathLengthMax} characters`;
	if (/^(?:\/|[a-z]:)/i.test(name)) return 'it is absolute';
	if (/[\\\u0000-\u001F\u007F]/.test(name)) return 'it holds a backslash or a control character';
	const parts = name.split('/');
	if (parts.includes('..')) return 'it leads out of the folder';
	if (parts.some(part => part === '' || part.startsWith('.'))) return 'it names a hidden file or folder';
	return parts.includes('node_modules') ? 'it is inside node_modules' : undefined;
};

/** @throws AiworkflowError `bundle.too-large`. */
export const checkSizes = (
	where: string,
	files: ReadonlyArray<{readonly path: string; readonly sizeBytes: number}>,
): void => {
	if (files.length > limits.bundleFilesMax) throw tooLarge(where, `more than ${limits.bundleFilesMax} files`);
	const large = files.find(({sizeBytes}) => sizeBytes > limits.bundleFileBytesMax);
	if (large) throw tooLarge(where, `${large.path}, which is larger than ${formatSize(limits.bundleFileBytesMax)}`);
	const totalBytes = files.reduce((sum, {sizeBytes}) => sum + sizeBytes, 0);
	if (totalBytes > limits.bundleBytesMax)
		throw tooLarge(where, `more than ${formatSize(limits.bundleBytesMax)} together`);
};

/** Of a disk that does not tell capitals apart, two names would be one file. */
export const checkSameNames = (where: string, paths: readonly string[]): void => {
	const seen = new Map<string, string>();
	for (const each of paths) {
		const key = each.normalize('NFC').toLowerCase();
		const other = seen.get(key);
		if (other !== undefined) throw unsafe(where, `"${other}" and "${each}" would be one file on some disks`);
		seen.set(key, each);
	}
};

/** @throws AiworkflowError `bundle.damaged`. */
export const parseManifest = (text: string, where: string): Manifest => {
	const parsed = parsedJson(text) as Partial<Manifest> | null;
	const isRight =
		parsed?.format === 1 &&
		typeof parsed.name === 'string' &&
		bundleNamePattern.test(parsed.name) &&
		Array.isArray(parsed.files) &&
		parsed.files.every(file => typeof file?.path === 'string' && typeof file.sha256 === 'string');
	if (!isRight) throw damaged(where, `its ${manifestName} is none that this version understands`);
	return parsed as Manifest;
};

const parsedJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
};

export const tooLarge = (where: string, detail: string) =>
	new AiworkflowError({
		code: 'bundle.too-large',
		message: `${where} holds ${detail}; the limit for a bundle.`,
		suggestion: 'Keep data out of the bundle, and give its path as an input.',
	});

export const unsafe = (where: string, detail: string) =>
	new AiworkflowError({
		code: 'bundle.unsafe',
		message: `${where} was not unpacked: ${detail}.`,
		suggestion: 'Nothing was written. Pack it anew with `aiworkflow bundle pack`, or do not use it.',
	});

export const damaged = (where: string, detail: string) =>
	new AiworkflowError({
		code: 'bundle.damaged',
		message: `${where} was not unpacked: ${detail}.`,
		suggestion: 'Nothing was written. Fetch it again, or pack it anew with `aiworkflow bundle pack`.',
	});

export const bundleExists = (place: string, what: string) =>
	new AiworkflowError({
		code: 'bundle.exists',
		message: `${place} is there already; ${what} was not written.`,
		suggestion: 'Name another place, or overwrite it with `--force`.',
	});
