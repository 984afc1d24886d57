import type {Check, Finding} from './finding.ts';

const name = 'triggers';

/** Of all workspaces: what starts itself, and what keeps it from that. */
export const checkTriggers: Check = {
	name,
	look: async ({client}) => {
		const {workspaces, triggers} = await (await client()).triggers();
		if (workspaces.length === 0)
			return [{name, status: 'ok', detail: 'no workspace is armed; `aiworkflow trust` arms the triggers of one'}];
		const findings = workspaces.flatMap(({workspace, waitsForTrust, invalid}): readonly Finding[] => {
			const own = triggers.filter(trigger => trigger.workspace === workspace);
			const count = own.length === 1 ? '1 trigger' : `${own.length} triggers`;
			const kinds = [...new Set(own.map(({kind}) => kind))].join(', ');
			return [
				waitsForTrust
					? {
							name,
							status: 'warn',
							detail: `${workspace} fires nothing: its files changed since a person trusted it`,
							fix: `Read the files under .aiworkflow/, then run \`aiworkflow trust --workspace ${workspace}\`.`,
						}
					: {name, status: 'ok', detail: `${workspace}: ${count}${kinds ? ` (${kinds})` : ''}`},
				...invalid.map(
					({file, message}): Finding => ({
						...{name, status: 'warn', detail: `${file} starts nothing: ${message}`},
						fix: 'See all of it with `aiworkflow workflow validate`.',
					}),
				),
			];
		});
		const detail = 'they fire only while a daemon runs; `aiworkflow daemon unit` prints what keeps one running';
		return [...findings, ...(triggers.length > 0 ? [{name, status: 'ok', detail} as const] : [])];
	},
};
