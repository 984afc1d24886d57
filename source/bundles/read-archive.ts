import {readFile, stat} from 'node:fs/promises';
import {promisify} from 'node:util';
import {gunzip, type ZlibOptions} from 'node:zlib';
import type {ReadEntry} from 'tar';
import {AiworkflowError} from '../errors.ts';
import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import {
	checkSameNames,
	damaged,
	type Manifest,
	manifestName,
	parseManifest,
	pathProblem,
	tooLarge,
	unsafe,
} from './archive.ts';

export interface ReadArchive {
	readonly manifest: Manifest;
	/** By path from the folder of the bundle; the manifest is not among them. */
	readonly files: ReadonlyMap<string, ReadFile>;
}

interface ReadFile {
	readonly bytes: Buffer;
	readonly isExecutable: boolean;
}

/** What the headers of an archive need besides the files. */
const headerBytesMax = (limits.bundleFilesMax + 2) * 2048;

/**
 * Reads a packed bundle into memory, within the limits, and refuses everything that a bundle never holds. Writes nothing.
 *
 * @throws AiworkflowError `bundle.not-found`, `bundle.unsafe`, `bundle.damaged`, `bundle.too-large`.
 */
export const readArchive = async (file: string): Promise<ReadArchive> => {
	await checkFile(file);
	const entries = await entriesOf(file);
	const [first] = entries.keys();
	const root = first?.split('/')[0] ?? '';
	const manifestFile = entries.get(`${root}/${manifestName}`);
	if (!manifestFile) throw damaged(file, `it has no ${manifestName}, so it is no packed bundle`);
	const manifest = parseManifest(manifestFile.bytes.toString(), file);
	const files = new Map<string, ReadFile>();
	for (const [name, entry] of entries) {
		if (!name.startsWith(`${manifest.name}/`)) throw damaged(file, `"${name}" is not in the folder ${manifest.name}`);
		if (entry !== manifestFile) files.set(name.slice(manifest.name.length + 1), entry);
	}

	checkSameNames(file, [...files.keys()]);
	return {manifest, files};
};

const checkFile = async (file: string): Promise<void> => {
	const found = await stat(file).catch(() => undefined);
	if (!found?.isFile()) {
		throw new AiworkflowError({
			code: 'bundle.not-found',
			message: `There is no packed bundle ${file}.`,
			suggestion: 'Give a file made by `aiworkflow bundle pack`.',
		});
	}

	if (found.size > limits.bundleBytesMax) throw tooLarge(file, `more than ${formatSize(limits.bundleBytesMax)}`);
};

const entriesOf = async (file: string): Promise<Map<string, ReadFile>> => {
	const {Parser} = await import('tar');
	const reading = new Map<string, Promise<ReadFile>>();
	let problem: unknown;
	let sizeBytes = 0;
	const parser = new Parser({
		strict: true,
		onReadEntry(entry) {
			try {
				sizeBytes += entry.size;
				if (problem === undefined) take(file, entry, reading, sizeBytes);
			} catch (error) {
				problem = error;
			}

			if (!reading.has(entry.path) || problem !== undefined) entry.resume();
		},
	});
	const ended = new Promise<void>(resolve => {
		parser.on('end', resolve);
		parser.on('error', error => {
			problem ??= error;
			resolve();
		});
	});
	parser.end(await unzipped(file));
	if (problem === undefined) await ended;
	if (problem instanceof AiworkflowError) throw problem;
	if (problem !== undefined) throw damaged(file, `it cannot be read (${(problem as Error).message})`);
	const entries = new Map<string, ReadFile>();
	for (const [name, bytes] of reading) entries.set(name, await bytes);
	return entries;
};

/** In one piece, for the parser copies what it has whenever more comes. */
const unzipped = async (file: string): Promise<Buffer> => {
	try {
		return await gunzipWhole(await readFile(file), {maxOutputLength: limits.bundleBytesMax + headerBytesMax});
	} catch (error) {
		// A few bytes can unpack to very many.
		if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
			throw tooLarge(file, `more than ${formatSize(limits.bundleBytesMax)}`);
		throw damaged(file, `it cannot be read (${(error as Error).message})`);
	}
};

const gunzipWhole = promisify<Buffer, ZlibOptions, Buffer>(gunzip);

/** Decides by the header alone, before any of the content is kept. */
const take = (file: string, entry: ReadEntry, reading: Map<string, Promise<ReadFile>>, sizeBytes: number): void => {
	const {path: name, size, type, mode = 0} = entry;
	const problem = pathProblem(type === 'Directory' ? name.replace(/\/$/, '') : name);
	if (problem) throw unsafe(file, `it holds "${name.slice(0, limits.bundlePathLengthMax)}", and ${problem}`);
	if (type === 'Directory') return;
	if (type !== 'File' && type !== 'OldFile')
		throw unsafe(file, `"${name}" is no ordinary file but a ${kindNames.get(type) ?? type}`);
	if (reading.has(name)) throw unsafe(file, `it holds "${name}" twice`);
	// The manifest is one more.
	if (reading.size > limits.bundleFilesMax) throw tooLarge(file, `more than ${limits.bundleFilesMax} files`);
	if (size > limits.bundleFileBytesMax)
		throw tooLarge(file, `${name}, which is larger than ${formatSize(limits.bundleFileBytesMax)}`);
	if (sizeBytes > limits.bundleBytesMax)
		throw tooLarge(file, `more than ${formatSize(limits.bundleBytesMax)} together`);
	const bytes = entry.concat().then(content => ({bytes: content, isExecutable: (mode & 0o100) !== 0}));
	// One that is broken off has its reason told by the parser.
	bytes.catch(() => {});
	reading.set(name, bytes);
};

const kindNames: ReadonlyMap<string, string> = new Map([
	['SymbolicLink', 'symbolic link'],
	['Link', 'hard link'],
	['CharacterDevice', 'device'],
	['BlockDevice', 'device'],
	['FIFO', 'pipe'],
]);
