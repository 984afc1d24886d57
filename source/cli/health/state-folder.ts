import {constants} from 'node:fs';
import {access, stat} from 'node:fs/promises';
import {makeFolder} from '../../folders.ts';
import {stateFolderOf} from '../../paths.ts';
import type {Check} from './finding.ts';

const name = 'state folder';

export const checkStateFolder: Check = {
	name,
	look: async ({environment}) => {
		const folder = stateFolderOf(environment);
		try {
			makeFolder(folder);
			await access(folder, constants.W_OK);
			const {mode} = await stat(folder);
			const isPrivate = (mode & 0o077) === 0;
			return isPrivate
				? [{name, status: 'ok', detail: folder}]
				: [{name, status: 'warn', detail: `${folder} can be read by others`, fix: `chmod 700 ${folder}`}];
		} catch (error) {
			const detail = `${folder} cannot be written: ${(error as Error).message}`;
			return [
				{name, status: 'fail', detail, fix: 'Mend its permissions, or set AIWORKFLOW_HOME to a folder of yours.'},
			];
		}
	},
};
