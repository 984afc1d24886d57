import {runtimeProblem} from '../runtime-check.ts';
import type {Check} from './finding.ts';

export const checkNode: Check = {
	name: 'node',
	look: async () => {
		const problem = runtimeProblem(process.versions.node);
		if (problem === undefined)
			return [{name: 'node', status: 'ok', detail: `${process.versions.node}, ${process.execPath}`}];
		return [{name: 'node', status: 'fail', detail: problem, fix: 'Install a newer Node.js from https://nodejs.org.'}];
	},
};
