#!/usr/bin/env node
// Bundles the product into dist/: `node scripts/build.js [--watch]`.
import {execFileSync} from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {fileURLToPath, pathToFileURL} from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const dist = path.join(root, 'dist');
/** What is built runs on this Node.js, whichever one builds it. */
const projectNode = path.join(root, 'node_modules/.bin/node');
/** Written last: its time is that of the last whole build. */
const stamp = path.join(dist, '.built');

const commandTree = path.join(dist, 'commands.json');

const inputs = ['source', 'runtime', 'commands', 'themes', 'scripts/build.js', 'package.json', 'package-lock.json'];

/** Whether dist/ is there and younger than everything it is made of. */
export const isBuilt = () => {
	const builtAtMs = modifiedAtMs(stamp);
	return builtAtMs > 0 && inputs.every(input => newestMs(path.join(root, input)) <= builtAtMs);
};

export const build = async () => {
	const esbuild = await import('esbuild');
	const result = await esbuild.build(optionsFor());
	writeOutputs(result.outputFiles);
	describeCommands();
	fs.writeFileSync(stamp, '');
	return result.outputFiles.length;
};

const optionsFor = () => ({
	absWorkingDir: root,
	entryPoints: entryPoints(),
	outdir: dist,
	outbase: root,
	bundle: true,
	platform: 'node',
	target: 'node24',
	format: 'esm',
	splitting: true,
	chunkNames: 'chunks/[name]-[hash]',
	jsx: 'automatic',
	define: {'process.env.NODE_ENV': '"production"'},
	// Packages written as CommonJS call `require` for Node's own modules.
	banner: {
		js: "import {createRequire as __createRequire} from 'node:module'; const require = __createRequire(import.meta.url);",
	},
	// Servers of queues: loaded where a workflow uses one, and not there where npm could not install them.
	// `pg` looks for its native half, which nobody has here.
	external: ['amqplib', 'bullmq', 'ioredis', 'pg-native'],
	legalComments: 'none',
	logLevel: 'warning',
	metafile: false,
	write: false,
	plugins: [replacements],
});

/** What shells complete: asked of the commands themselves, so that none can be forgotten. */
const describeCommands = () => {
	const describe = path.join(dist, 'source/cli/completion/describe.js');
	const text = execFileSync(projectNode, [describe], {encoding: 'utf8', maxBuffer: 16 * 1024 * 1024});
	replaceFile(commandTree, Buffer.from(text), 0o644);
};

/** Each starts a process, or is imported by path: one file each in dist/, what they share in chunks. */
const entryPoints = () => {
	const processes = [
		'source/main.ts',
		'source/cli/completion/describe.ts',
		'runtime/main.ts',
		'runtime/attempts/agent-host.ts',
		'runtime/tools/bridge.ts',
		'runtime/tools/module-host.ts',
		'runtime/tools/tool-host.ts',
		'runtime/tools/mcp/server-host.ts',
		'runtime/attempts/direct-host.ts',
	];
	return [...processes.filter(file => fs.existsSync(path.join(root, file))), ...filesBelow('commands', '.tsx')];
};

/** Modules that the bundle must not take as they are. */
const replacements = {
	name: 'replacements',
	setup(build) {
		const empty = {path: 'empty', namespace: 'stub'};
		// Ink imports the devtools where DEV is set; as a bundle it would import them always.
		build.onResolve({filter: /^react-devtools-core$/}, () => empty);
		// Pastel looks for the package.json of whoever's folder we are in, and fails where that is malformed.
		build.onResolve({filter: /^read-package-up$/}, () => ({path: 'read-package-up', namespace: 'stub'}));
		// Pastel renders each command with Ink; ours draw nothing (see source/cli/pastel/renderer.ts).
		build.onResolve({filter: /^(ink|@inkjs\/ui)$/}, ({importer}) =>
			importer.includes(`node_modules${path.sep}pastel${path.sep}`)
				? {path: path.join(root, 'source/cli/pastel/renderer.ts')}
				: undefined,
		);
		build.onLoad({filter: /^empty$/, namespace: 'stub'}, () => ({contents: 'export default {};'}));
		build.onLoad({filter: /^read-package-up$/, namespace: 'stub'}, () => ({
			contents: 'export const readPackageUp = async () => undefined;',
		}));
	},
};

/**
 * Chunks come before the files that import them, each by rename and only where it changed, so that a process that starts
 * in the middle finds either the old build or the new one. What no longer belongs is removed last.
 */
const writeOutputs = outputs => {
	const written = new Set();
	const isEntry = file => !path.relative(dist, file).startsWith('chunks');
	for (const {path: file, contents} of outputs.toSorted((a, b) => Number(isEntry(a.path)) - Number(isEntry(b.path)))) {
		replaceFile(file, contents, file === path.join(dist, 'source/main.js') ? 0o755 : 0o644);
		written.add(file);
	}

	for (const script of filesBelow('runtime/attempts', '.sh')) {
		const file = path.join(dist, script);
		replaceFile(file, fs.readFileSync(path.join(root, script)), 0o755);
		written.add(file);
	}

	for (const data of filesBelow('runtime/agents', '.json')) {
		const file = path.join(dist, data);
		replaceFile(file, fs.readFileSync(path.join(root, data)), 0o644);
		written.add(file);
	}

	for (const file of filesBelow('dist', '')) {
		const absolute = path.join(root, file);
		if (!written.has(absolute) && absolute !== stamp && absolute !== commandTree) fs.rmSync(absolute, {force: true});
	}
};

const replaceFile = (file, contents, mode) => {
	if (modeOf(file) === mode && fs.readFileSync(file).equals(contents)) return;
	fs.mkdirSync(path.dirname(file), {recursive: true});
	const temporary = `${file}.${process.pid}.tmp`;
	fs.writeFileSync(temporary, contents);
	fs.chmodSync(temporary, mode);
	fs.renameSync(temporary, file);
};

/** @returns Paths relative to the root. */
const filesBelow = (folder, ending) => {
	const absolute = path.join(root, folder);
	if (!fs.existsSync(absolute)) return [];
	return fs
		.readdirSync(absolute, {recursive: true, withFileTypes: true})
		.filter(entry => entry.isFile() && entry.name.endsWith(ending))
		.map(entry => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
		.sort();
};

const newestMs = file => {
	if (!fs.existsSync(file)) return 0;
	if (!fs.statSync(file).isDirectory()) return modifiedAtMs(file);
	let newest = modifiedAtMs(file);
	for (const entry of fs.readdirSync(file, {withFileTypes: true}))
		newest = Math.max(newest, newestMs(path.join(file, entry.name)));
	return newest;
};

const modeOf = file => {
	const found = fs.statSync(file, {throwIfNoEntry: false});
	return found && found.mode & 0o777;
};

const modifiedAtMs = file => fs.statSync(file, {throwIfNoEntry: false})?.mtimeMs ?? 0;

const watch = async () => {
	let timer;
	const rebuild = () => {
		clearTimeout(timer);
		timer = setTimeout(() => void timedBuild().catch(() => {}), 50);
	};

	for (const folder of inputs.filter(input => !input.includes('.'))) {
		if (fs.existsSync(path.join(root, folder))) fs.watch(path.join(root, folder), {recursive: true}, rebuild);
	}

	await timedBuild().catch(() => {});
	console.error('Watching. Ctrl-c ends it.');
};

const timedBuild = async () => {
	const startedAtMs = performance.now();
	const count = await build();
	console.error(`Built ${count} files in ${Math.round(performance.now() - startedAtMs)} ms.`);
};

if (process.argv[1] && import.meta.url === pathToFileURL(fs.realpathSync(process.argv[1])).href) {
	if (process.argv.includes('--watch')) await watch();
	else await timedBuild().catch(() => process.exit(1));
}
