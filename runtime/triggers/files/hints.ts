import path from 'node:path';
import {watch} from 'chokidar';
import {AiworkflowError} from '../../../source/errors.ts';
import type {FileFilter} from './globs.ts';

export interface HintListeners {
	/** Something happened to this file, relative to the workspace. */
	readonly onFile: (file: string) => void;
	/** A folder came or went, with all that is in it. */
	readonly onFolder: (folder: string) => void;
	readonly onProblem: (failure: AiworkflowError) => void;
}

/**
 * Where to look: what the system says of files is taken for a hint only, and what is so is looked up on the disk.
 *
 * @returns When changes from then on are noticed; a function that ends it.
 */
export const openHints = async (
	workspace: string,
	{matches, mayHold}: FileFilter,
	{onFile, onFolder, onProblem}: HintListeners,
): Promise<() => Promise<void>> => {
	const nameOf = (file: string): string => path.relative(workspace, file).replaceAll(path.sep, '/');
	const watcher = watch(workspace, {
		ignoreInitial: true,
		followSymlinks: false,
		// Its rules for files of editors would keep some from us that a workflow may want.
		atomic: false,
		ignored(file, stats) {
			const name = nameOf(file);
			if (name === '') return false;
			if (stats?.isDirectory()) return !mayHold(name);
			return stats ? !stats.isFile() || !matches(name) : !matches(name) && !mayHold(name);
		},
	});
	watcher.on('all', (event, file) => {
		if (event === 'addDir' || event === 'unlinkDir') onFolder(nameOf(file));
		else onFile(nameOf(file));
	});
	watcher.on('error', error => onProblem(watchFailureOf(error as NodeJS.ErrnoException, workspace)));
	await new Promise<void>(resolve => watcher.once('ready', resolve));
	return () => watcher.close();
};

const watchFailureOf = (error: NodeJS.ErrnoException, workspace: string): AiworkflowError => {
	const file = error.path ?? workspace;
	if (error.code === 'ENOSPC') {
		return new AiworkflowError({
			code: 'files.watch-limit',
			message: `The system watches no more files for this user (inotify): changes below ${file}, and perhaps elsewhere, go unnoticed.`,
			suggestion:
				'Raise it with `sudo sysctl fs.inotify.max_user_watches=524288` and restart the daemon, name fewer folders in `paths:`, or give the trigger `poll: 10s`.',
			cause: error,
		});
	}

	if (error.code === 'EMFILE') {
		return new AiworkflowError({
			code: 'files.watch-limit',
			message: `No more watchers can be opened: changes below ${file}, and perhaps elsewhere, go unnoticed.`,
			suggestion:
				'Raise `ulimit -n` or `sudo sysctl fs.inotify.max_user_instances=1024` and restart the daemon, or give the trigger `poll: 10s`.',
			cause: error,
		});
	}

	return new AiworkflowError({
		code: 'files.unwatched',
		message: `${file} cannot be watched: ${error.message}`,
		suggestion: 'Mend its permissions, leave it out with `ignore:`, or give the trigger `poll: 10s`.',
		cause: error,
	});
};
