import {version as productVersion} from '../../version.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

export const version: Verb<Record<never, never>> = async ({output}) => {
	const details = {
		version: productVersion,
		node: process.versions.node,
		platform: `${process.platform}-${process.arch}`,
	};
	if (output.isJson) await output.document(details);
	else await output.print(productVersion);
	if (output.isVerbose) output.note(`Node.js ${details.node}, ${details.platform}`);
	return exitCodes.done;
};
