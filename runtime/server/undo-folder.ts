import {readdirSync, statSync} from 'node:fs';
import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {runFolderOf} from '../../source/paths.ts';
import type {UnitRef} from '../../source/run/events.ts';
import {unitKeyOf, unitNameOf} from '../../source/run/state.ts';

/**
 * The undo scripts of a step leave their output beside its attempts, as `undo-<attempt>-<rollback>`. A run that went on
 * after a rollback has forgotten it; the folders are still there.
 *
 * @returns The newest of them. @throws AiworkflowError `undo.not-found`
 */
export const newestUndoOf = (
	stateFolder: string,
	runId: string,
	{stepId, item}: UnitRef,
): {readonly name: string; readonly attempt: number} => {
	const folder = path.join(runFolderOf(stateFolder, runId), 'steps', unitKeyOf(stepId, item));
	const newest = namesIn(folder)
		.map(name => ({
			name,
			attempt: Number(/^undo-(\d+)/.exec(name)![1]),
			atMs: statSync(path.join(folder, name)).mtimeMs,
		}))
		.toSorted((a, b) => a.atMs - b.atMs)
		.at(-1);
	if (newest) return newest;
	throw new AiworkflowError({
		code: 'undo.not-found',
		message: `No undo script of "${unitNameOf(stepId, item)}" has run.`,
		suggestion: 'Leave `--undo` out for what the step itself printed.',
	});
};

const namesIn = (folder: string): string[] => {
	try {
		return readdirSync(folder).filter(name => /^undo-\d+/.test(name));
	} catch {
		// Nothing of the step has run.
		return [];
	}
};
