import {hasErrors} from '../../templates/definition.ts';
import {listTemplates} from '../../templates/sources.ts';
import type {Check, Finding} from './finding.ts';

const name = 'templates';

/** Those of the workspace, of the user and of packages that nothing could be made of. */
export const checkTemplates: Check = {
	name,
	look: async ({workspace}) => {
		const listed = await listTemplates({workspace});
		const broken = listed.filter(({template}) => hasErrors(template));
		return [
			{name, status: 'ok', detail: `${listed.length - broken.length} of ${listed.length} can be used`},
			...broken.map(({id, template}): Finding => {
				const {file, line, message, suggestion} = template.diagnostics.find(({severity}) => severity === 'error')!;
				return {name: `template ${id}`, status: 'warn', detail: `${file}:${line}: ${message}`, fix: suggestion};
			}),
		];
	},
};
