import {realpathSync} from 'node:fs';
import path from 'node:path';
import type {AgentAction} from '../../../source/workflow/permissions.ts';

/**
 * @returns The action with its paths absolute and free of symbolic links, as far as they exist: a rule is about where
 * something ends up, not about what it is called on the way.
 */
export const withRealPaths = (action: AgentAction, cwd: string): AgentAction =>
	action.paths ? {...action, paths: action.paths.map(file => realPathOf(path.resolve(cwd, file)))} : action;

/** Of a file that does not exist yet: of the nearest folder above it that does. */
export const realPathOf = (file: string): string => {
	const missing: string[] = [];
	for (let existing = file; ; existing = path.dirname(existing)) {
		try {
			return path.join(realpathSync(existing), ...missing);
		} catch {
			if (existing === path.dirname(existing)) return file;
			missing.unshift(path.basename(existing));
		}
	}
};
