import {execa} from 'execa';
import type {Check, Finding} from './finding.ts';

const programs: readonly (readonly [
	name: string,
	status: 'warn' | 'fail',
	versionFlag: string | undefined,
	use: string,
])[] = [
	['sh', 'fail', undefined, 'every script step needs it'],
	['git', 'warn', '--version', 'for workflows that look at a repository'],
	['bash', 'warn', '--version', 'for `bash run` steps'],
	['python3', 'warn', '--version', 'for `python run` steps'],
	['tmux', 'warn', '-V', 'for a cockpit that stays open'],
];

const programMsMax = 5000;

/** What steps call. */
export const checkPrograms: Check = {
	name: 'programs',
	look: () =>
		Promise.all(
			programs.map(async ([name, missing, versionFlag, use]): Promise<Finding> => {
				try {
					const args = versionFlag ? [versionFlag] : ['-c', 'command -v sh'];
					const {stdout} = await execa(name, args, {timeout: programMsMax});
					return {name, status: 'ok', detail: stdout.trim().split('\n')[0]!};
				} catch {
					return {name, status: missing, detail: 'not found', fix: `Install it: ${use}.`};
				}
			}),
		),
};
