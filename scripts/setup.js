#!/usr/bin/env node
// Makes a fresh clone ready: installs the dependencies and builds, each only where it is due. Runs on Node.js 20 with
// nothing installed; the product itself runs on the Node.js that the dependencies bring.
import {spawnSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
export const projectNode = path.join(root, 'node_modules/.bin/node');
export const productMain = path.join(root, 'dist/source/main.js');

export const setup = async () => {
	if (!isInstalled()) install();
	// Only now: it needs esbuild.
	const {build, isBuilt} = await import('./build.js');
	if (!isBuilt()) await timed('Building', () => build().catch(tellBuildFailure));
};

/** Whether node_modules holds what package-lock.json asks for, as far as times tell. */
const isInstalled = () => {
	const installedAtMs = modifiedAtMs(path.join(root, 'node_modules/.package-lock.json'));
	return (
		installedAtMs > 0 &&
		installedAtMs >= modifiedAtMs(path.join(root, 'package-lock.json')) &&
		fs.existsSync(projectNode)
	);
};

const install = () =>
	timed('Installing the dependencies', () => {
		const hasLock = fs.existsSync(path.join(root, 'package-lock.json'));
		let result = hasLock ? npm('ci') : undefined;
		if (result?.status !== 0) result = npm('install');
		if (result.status === 0) return;
		process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
		fail(
			`npm could not install the dependencies${result.error ? `: ${result.error.message}` : ''}. Mend that, then try again.`,
		);
	});

const tellBuildFailure = error =>
	fail(error.errors ? 'The build failed; what is wrong is listed above.' : `The build failed: ${error.stack}`);

const npm = command => {
	const flags = [command, '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
	const npmProgram = process.env.npm_execpath;
	const options = {cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 2 ** 26};
	return npmProgram && /\.c?js$/.test(npmProgram)
		? spawnSync(process.execPath, [npmProgram, ...flags], options)
		: spawnSync('npm', flags, options);
};

const timed = (what, action) => {
	const startedAtMs = performance.now();
	process.stderr.write(`${what}…\n`);
	const done = () =>
		process.stderr.write(`${what}: done in ${((performance.now() - startedAtMs) / 1000).toFixed(1)} s.\n`);
	const result = action();
	if (result instanceof Promise) return result.then(done);
	done();
};

const fail = message => {
	process.stderr.write(`✗ ${message}\n`);
	process.exit(1);
};

const modifiedAtMs = file => fs.statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0;

/** The environment in which `node`, `tsc` and the like are the project's own. */
export const projectEnvironment = () => ({
	...process.env,
	PATH: `${path.join(root, 'node_modules/.bin')}${path.delimiter}${process.env.PATH ?? ''}`,
});

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) await setup();
