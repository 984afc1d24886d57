import path from 'node:path';
import {packBundle} from '../../bundles/pack.ts';
import {findBundle} from '../../bundles/read-bundle.ts';
import {formatSize} from '../../units.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Packs a bundle and says what was left out. */
export const pack: Verb<typeof tables.bundlePack> = async ({args, options, output}) => {
	const cwd = process.cwd();
	const folder = await findBundle(args[0]!, cwd);
	const packed = await packBundle(folder, {
		output: options.output === undefined ? undefined : path.resolve(options.output),
		cwd,
		force: options.force,
	});
	const {file, sizeBytes, sha256, manifest, leftOut} = packed;
	if (output.isJson) {
		await output.document({
			file,
			sizeBytes,
			sha256,
			name: manifest.name,
			version: manifest.version,
			files: manifest.files,
			leftOut,
		});
		return exitCodes.done;
	}

	const {paint} = output;
	for (const {path: inside, reason} of leftOut) output.note(`left out: ${oneLine(inside)} (${reason})`);
	const count = manifest.files.length === 1 ? '1 file' : `${manifest.files.length} files`;
	await output.print(`${paint.green('✓')} ${path.relative(cwd, file) || file}  ${count}, ${formatSize(sizeBytes)}`);
	await output.print(paint.dim(`  sha256 ${sha256}`));
	return exitCodes.done;
};
