import {readdir} from 'node:fs/promises';
import path from 'node:path';
import {type Detection, detectWorkflow} from '../../bundles/detect.ts';
import {listWorkflows} from '../../workflow-files.ts';
import type {Check, Finding} from './finding.ts';

const name = 'workflows';

/** Those of the workspace that would not run, and folders that hold none. */
export const checkWorkflows: Check = {
	name,
	look: async ({workspace}) => {
		const workflows = await listWorkflows(workspace);
		const broken = workflows.filter(({problems}) => problems > 0);
		const good = workflows.length - broken.length;
		const folder = path.join(workspace, '.aiworkflow', 'workflows');
		const empty = await emptyBundles(folder);
		const first: Finding =
			workflows.length === 0
				? {name, status: 'ok', detail: `none in ${folder}`, fix: 'Make a first one with `aiworkflow init`.'}
				: {name, status: 'ok', detail: `${good} of ${workflows.length} can run`};
		return [
			first,
			...broken.map(
				({name: workflow, file, problems}): Finding => ({
					name: `workflow ${workflow}`,
					status: 'warn',
					detail: `${file} has ${problems === 1 ? 'one problem' : `${problems} problems`}`,
					fix: `See them with \`aiworkflow workflow validate ${file}\`.`,
				}),
			),
			...empty.map(
				(bundle): Finding => ({
					name: `bundle ${bundle}`,
					status: 'warn',
					detail: `${path.join(folder, bundle)} holds no workflow.md and not just one other workflow, so no name finds it`,
					fix: 'Call its workflow workflow.md, or move the folder elsewhere.',
				}),
			),
		];
	},
};

const emptyBundles = async (folder: string): Promise<readonly string[]> => {
	const entries = await readdir(folder, {withFileTypes: true}).catch(() => []);
	const folders = entries.filter(
		entry =>
			entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'recordings' && entry.name !== 'tests',
	);
	const detected = await Promise.all(folders.map(entry => detectWorkflow(path.join(folder, entry.name))));
	const isFound = (found: Detection) => found.kind === 'found' && found.isCertain;
	return folders.filter((_, index) => !isFound(detected[index]!)).map(entry => entry.name);
};
