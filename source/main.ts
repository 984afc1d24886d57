#!/usr/bin/env node
import type {CockpitFlags} from './cli/dispatch.ts';
import {runtimeProblem} from './cli/runtime-check.ts';
import type {TemplateShelf} from './templates/shelf.ts';

/** Read when somebody looks: the first frame does not wait for it. */
const shelf: TemplateShelf = {
	list: async workspace => (await import('./templates/shelf.ts')).templateShelf.list(workspace),
	use: async (...use) => (await import('./templates/shelf.ts')).templateShelf.use(...use),
};

/** React, Ink and the screen are loaded here and nowhere else. */
const cockpit = async (flags: CockpitFlags): Promise<number> => {
	const {openCockpit} = await import('./tui/main.tsx');
	const {createReconnect} = await import('./client/reconnect.ts');
	const {version} = await import('./version.ts');
	const {findWorkspace} = await import('./workflow-files.ts');
	const {copyFileOf, cockpitMemoryFileOf, stateFolderOf} = await import('./paths.ts');
	return openCockpit({
		connect: createReconnect(),
		workspace: findWorkspace(process.cwd()),
		version,
		shelf,
		copyFile: copyFileOf(stateFolderOf()),
		memoryFile: cockpitMemoryFileOf(stateFolderOf()),
		...flags,
	});
};

// Nothing of the product is loaded before the check, so that an old Node.js gets a sentence instead of a syntax error.
const problem = runtimeProblem(process.versions.node);
if (problem === undefined) {
	const {start} = await import('./cli/start.ts');
	// Pastel looks for `commands` beside the file it is told, which is the folder above this one.
	const entry = {...import.meta, url: new URL('../main.js', import.meta.url).href};
	await start({typed: process.argv.slice(2), entry, cockpit});
} else {
	process.stderr.write(`${problem}\n`);
	process.exitCode = 2;
}
