import {createHash} from 'node:crypto';
import {chmod, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {AiworkflowError} from '../errors.ts';
import {hasErrors} from '../workflow/diagnostics.ts';
import {bundleExists, checkSameNames, checkSizes, type Manifest, type ManifestFile, manifestName} from './archive.ts';
import {collectFiles, type FoundFile, type LeftOut} from './collect.ts';
import {bundleNamePattern} from './config.ts';
import {type Bundle, readBundle} from './read-bundle.ts';
import {validateBundle} from './validate.ts';

export interface PackedBundle {
	/** Absolute. */
	readonly file: string;
	readonly sizeBytes: number;
	/** Of the file. */
	readonly sha256: string;
	readonly manifest: Manifest;
	readonly leftOut: readonly LeftOut[];
}

export interface PackOptions {
	/** Absolute; missing: `<name>-<version>.tgz` in this folder. */
	readonly output?: string;
	readonly cwd: string;
	/** Overwrites a file that is there. */
	readonly force: boolean;
}

/**
 * Packs a bundle into one file. The same folder gives the same bytes, on any machine and at any time.
 *
 * @throws AiworkflowError `bundle.invalid` with every problem, `bundle.exists`, `bundle.too-large`, `bundle.unsafe`.
 */
export const packBundle = async (folder: string, {output, cwd, force}: PackOptions): Promise<PackedBundle> => {
	const diagnostics = await validateBundle(folder);
	if (hasErrors(diagnostics)) throw bundleInvalid(folder, diagnostics);
	const bundle = await readBundle(folder);
	const name = packedNameOf(bundle);
	const version = bundle.config?.version ?? null;
	const file =
		output ?? path.join(cwd, `${name}${version === null ? '' : `-${version.replaceAll(/[^\w.+-]/g, '-')}`}.tgz`);
	if (!force && (await stat(file).catch(() => undefined))) throw bundleExists(file, 'the bundle');
	const {files, leftOut} = await collectFiles(folder, file);
	checkSizes(folder, files);
	checkSameNames(
		folder,
		files.map(found => found.path),
	);
	const staging = await mkdtemp(path.join(tmpdir(), 'aiworkflow-pack-'));
	try {
		const manifest = await stage(folder, path.join(staging, name), {name, version, files});
		const bytes = await tarOf(
			staging,
			[manifestName, ...files.map(found => found.path)].map(each => `${name}/${each}`),
		);
		await writeWhole(file, bytes);
		return {file, sizeBytes: bytes.length, sha256: sha256Of(bytes), manifest, leftOut};
	} finally {
		await rm(staging, {recursive: true, force: true});
	}
};

export const bundleInvalid = (folder: string, diagnostics: Awaited<ReturnType<typeof validateBundle>>) => {
	const errors = diagnostics.filter(({severity}) => severity === 'error').length;
	return new AiworkflowError({
		code: 'bundle.invalid',
		message: `The bundle ${folder} has ${errors === 1 ? 'one problem' : `${errors} problems`}; it was not packed.`,
		suggestion: 'Mend what is listed, then check with `aiworkflow bundle validate`.',
		diagnostics,
	});
};

const packedNameOf = ({name, folder}: Bundle): string => {
	const known = [name, path.basename(folder)].find(each => bundleNamePattern.test(each));
	if (known !== undefined) return known;
	throw new AiworkflowError({
		code: 'bundle.invalid',
		message: `"${name}" cannot be the name of a packed bundle.`,
		suggestion: 'Add `name: my-bundle` to its config.yaml: lower case letters, digits, `-`, `_` and `.`.',
	});
};

/** Copies what is packed, so that what is hashed is what is packed, with modes that depend on nothing but the x bit. */
const stage = async (
	folder: string,
	target: string,
	{
		name,
		version,
		files,
	}: {readonly name: string; readonly version: string | null; readonly files: readonly FoundFile[]},
): Promise<Manifest> => {
	const listed: ManifestFile[] = [];
	for (const {path: inside, isExecutable} of files) {
		const bytes = await readFile(path.join(folder, inside));
		await put(path.join(target, inside), bytes, isExecutable ? 0o755 : 0o644);
		listed.push({path: inside, sizeBytes: bytes.length, sha256: sha256Of(bytes)});
	}

	const manifest: Manifest = {format: 1, name, version, files: listed};
	await put(path.join(target, manifestName), Buffer.from(`${JSON.stringify(manifest, null, '\t')}\n`), 0o644);
	return manifest;
};

const put = async (place: string, bytes: Buffer, mode: number) => {
	await mkdir(path.dirname(place), {recursive: true});
	await writeFile(place, bytes);
	// Whatever the umask is.
	await chmod(place, mode);
};

const tarOf = async (cwd: string, paths: readonly string[]): Promise<Buffer> => {
	const {create} = await import('tar');
	// `portable` leaves out owners, and what else depends on the machine, the header of gzip included.
	const stream = create({cwd, portable: true, gzip: {level: 9}, mtime: packedAt, noDirRecurse: true, strict: true}, [
		...paths,
	]);
	return stream.concat();
};

/** Of every file: when it was changed is nobody's business. */
const packedAt = new Date('2000-01-01T00:00:00Z');

/** Never half a file. */
const writeWhole = async (file: string, bytes: Buffer) => {
	const temporary = `${file}.${process.pid}.tmp`;
	try {
		await writeFile(temporary, bytes);
		await rename(temporary, file);
	} catch (error) {
		await rm(temporary, {force: true});
		throw new AiworkflowError({
			code: 'bundle.unwritable',
			message: `${file} cannot be written: ${(error as Error).message}.`,
			suggestion: 'Mend the permissions, or name another file with `--output`.',
			cause: error,
		});
	}
};

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
