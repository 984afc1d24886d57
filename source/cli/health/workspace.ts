import type {Check, Finding} from './finding.ts';

/** Whether a person trusts its files, and what its triggers miss. */
export const checkWorkspace: Check = {
	name: 'workspace',
	look: async ({workspace, client}) => {
		const {isTrusted, files, triggerProblems} = await (await client()).workspace(workspace);
		const first: Finding =
			isTrusted || files.length === 0
				? {name: 'workspace', status: 'ok', detail: workspace}
				: {
						name: 'workspace',
						status: 'warn',
						detail: `${workspace} is not trusted`,
						fix: 'Read the files under .aiworkflow/, then run `aiworkflow trust`.',
					};
		const missed = triggerProblems.map(
			({workflow, trigger, failure: {message: detail, suggestion: fix}}): Finding => ({
				...{name: `trigger ${workflow} ${trigger}`, status: 'warn', detail, fix},
			}),
		);
		return [first, ...missed];
	},
};
