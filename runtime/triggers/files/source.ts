import type {ArmedTrigger, TriggerSource} from '../parts.ts';
import {createRunWindows, type RunWindowsParts} from './run-windows.ts';
import {type FilesWatch, type FilesWatchParts, openFilesWatch} from './watch.ts';

export type FilesSourceParts = Omit<FilesWatchParts, 'windows' | 'diskNow'> &
	Omit<RunWindowsParts, 'diskNow'> & {readonly diskNow?: () => number};

interface Open {
	/** What a watch cannot be changed in: another one is opened. */
	readonly settings: string;
	readonly watch: FilesWatch;
}

/** `on: files`: files of the workspace that come, change, move or go. */
export const createFilesSource = ({diskNow = Date.now, ...parts}: FilesSourceParts): TriggerSource => {
	const windows = createRunWindows({...parts, diskNow});
	const open = new Map<string, Open>();

	const openOne = async (armed: ArmedTrigger): Promise<void> => {
		const {line: _, ...settings} = armed.trigger;
		const text = JSON.stringify([armed.workflow, settings]);
		const before = open.get(armed.key);
		if (before?.settings === text) return before.watch.update(armed);
		open.delete(armed.key);
		await before?.watch.stop();
		try {
			open.set(armed.key, {settings: text, watch: await openFilesWatch(armed, {...parts, diskNow, windows})});
		} catch (error) {
			parts.onDefect(error, `file trigger ${armed.key}`);
		}
	};

	return {
		kind: 'files',
		async arm(triggers) {
			const keys = new Set(triggers.map(({key}) => key));
			for (const [key, {watch}] of open) {
				if (keys.has(key)) continue;
				open.delete(key);
				await watch.stop();
			}

			await Promise.all(triggers.map(openOne));
		},
		problems: () => [...open.values()].flatMap(({watch}) => watch.problems()),
		async stop() {
			windows.stop();
			await Promise.all([...open.values()].map(({watch}) => watch.stop()));
			open.clear();
		},
	};
};
