import path from 'node:path';
import {bundlesIn} from '../../bundles/list.ts';
import type {Bundle} from '../../bundles/read-bundle.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {tableOf} from '../table.ts';
import type {Verb} from '../verb.ts';

/** The bundles of a workspace, or right below a folder; needs no daemon. */
export const listBundles: Verb<typeof tables.workspaceOnly> = async ({args, options, output}) => {
	const workspace = path.resolve(options.workspace ?? findWorkspace(process.cwd()));
	const folder = args[0] === undefined ? path.join(workspace, '.aiworkflow', 'workflows') : path.resolve(args[0]);
	const bundles = await bundlesIn(folder);
	if (output.isJson) {
		await output.document({folder, bundles: bundles.map(summaryOf)});
		return exitCodes.done;
	}

	if (bundles.length === 0) output.note(`No bundles in ${folder}: a bundle is a folder with a workflow.md.`);
	for (const line of tableOf(
		bundles.map(bundle => rowOf(bundle, output)),
		{columns: output.columns, cell: 4},
	))
		await output.print(line);
	return exitCodes.done;
};

const summaryOf = (bundle: Bundle) => ({
	name: bundle.name,
	version: bundle.config?.version ?? null,
	description: descriptionOf(bundle),
	folder: bundle.folder,
	tests: bundle.tests,
	problems: errorsOf(bundle),
});

const rowOf = (bundle: Bundle, {paint}: Output): string[] => [
	bundle.name,
	bundle.config?.version ?? '-',
	errorsOf(bundle) > 0 ? paint.red(counted(errorsOf(bundle), 'problem')) : counted(bundle.tests, 'test'),
	paint.dim(path.relative(process.cwd(), bundle.folder) || '.'),
	descriptionOf(bundle) ?? '',
];

const descriptionOf = ({config, workflow}: Bundle): string | null =>
	config?.description ?? workflow.definition?.description ?? null;

const errorsOf = ({workflow}: Bundle) => workflow.diagnostics.filter(({severity}) => severity === 'error').length;

const counted = (count: number, noun: string) => `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
