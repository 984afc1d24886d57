import {findBundle, readBundle} from '../../bundles/read-bundle.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';
import {run} from './run.ts';

/** `run`, of what must be a bundle. */
export const runBundle: Verb<typeof tables.run> = async ({args, ...rest}) => {
	const {workflow} = await readBundle(await findBundle(args[0]!, process.cwd()));
	return run({args: [workflow.file], ...rest});
};
