import path from 'node:path';
import {unpackBundle} from '../../bundles/unpack.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';

/** Unpacks a bundle into a folder of its own. Nothing of it is run, and no workspace trusts it for that. */
export const unpack: Verb<typeof tables.bundleUnpack> = async ({args, options, output}) => {
	const cwd = process.cwd();
	const {folder, manifest, replaced} = await unpackBundle(path.resolve(args[0]!), {
		to: options.to === undefined ? undefined : path.resolve(options.to),
		cwd,
		force: options.force,
	});
	const {name, version, files} = manifest;
	if (output.isJson) {
		await output.document({folder, name, version, files: files.map(file => file.path), replaced});
		return exitCodes.done;
	}

	const place = path.relative(cwd, folder) || folder;
	const title = [name, version].filter(Boolean).join(' ');
	await output.print(
		`${output.paint.green('✓')} ${title} is in ${place}: ${files.length === 1 ? '1 file' : `${files.length} files`}, all as packed.`,
	);
	if (replaced) output.note(`What was there is in ${path.relative(cwd, replaced) || replaced}.`);
	output.note(`Nothing of it was run. Read it, then: aiworkflow bundle info ${place}`);
	return exitCodes.done;
};
