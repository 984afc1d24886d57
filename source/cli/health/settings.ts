import {existsSync} from 'node:fs';
import path from 'node:path';
import {configFolderOf, settingsFileIn} from '../../paths.ts';
import {settingsProblems} from '../settings-problems.ts';
import type {Check} from './finding.ts';

const name = 'settings';

export const checkSettings: Check = {
	name,
	look: async ({workspace, environment}) => {
		const own = settingsFileIn(configFolderOf(environment));
		const problems = await settingsProblems(own, path.join(workspace, '.aiworkflow', 'aiworkflow.yaml'));
		if (problems.length === 0)
			return [{name, status: 'ok', detail: existsSync(own) ? own : `none of your own (${own})`}];
		return problems.map(({file, line, column, message, suggestion}) => ({
			name,
			status: 'warn',
			detail: `${file}:${line}:${column}: ${message}`,
			fix: suggestion,
		}));
	},
};
