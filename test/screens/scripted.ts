import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {build} from 'esbuild';

/** @returns Path of one file that opens the cockpit on a scripted daemon: TSX cannot be run unbundled. */
export const buildScriptedCockpit = async (): Promise<string> => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-screens-'));
	await build({
		entryPoints: [path.join(import.meta.dirname, 'scripted-cockpit.ts')],
		outdir: folder,
		bundle: true,
		splitting: true,
		format: 'esm',
		platform: 'node',
		target: 'node24',
		jsx: 'automatic',
		outExtension: {'.js': '.mjs'},
		alias: {'react-devtools-core': path.join(import.meta.dirname, 'react-devtools-stub.ts')},
		banner: {
			js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
		},
		logLevel: 'error',
	});
	return path.join(folder, 'scripted-cockpit.mjs');
};
