import {existsSync, readFileSync} from 'node:fs';
import {checkSettings} from '../tui/settings/load.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {parseWorkspaceSettings} from '../workflow/workspace-settings.ts';

/**
 * What is wrong in the settings of the user and of the workspace: what the daemon reads of them, what the cockpit reads,
 * and the user's themes.
 *
 * @param own Absolute path of the user's file; it need not be there.
 * @param theirs The workspace's.
 */
export const settingsProblems = async (own: string, theirs: string): Promise<readonly Diagnostic[]> => {
	const found = [...problemsOf(own, 'user'), ...problemsOf(theirs, 'workspace'), ...(await checkSettings())];
	// A file that is no YAML is said so by whoever reads it.
	return [...new Map(found.map(each => [`${each.file}:${each.line}:${each.column}:${each.message}`, each])).values()];
};

const problemsOf = (file: string, owner: 'user' | 'workspace'): readonly Diagnostic[] => {
	if (!existsSync(file)) return [];
	try {
		return parseWorkspaceSettings(readFileSync(file, 'utf8'), file, owner).diagnostics;
	} catch {
		// That it cannot be read is told by the cockpit's check of it, and by the daemon where a run needs it.
		return [];
	}
};
