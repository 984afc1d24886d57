// Which manifests of dependencies there are, and what npm would update. Works without a network: then that is not known.
import {readFileSync} from 'node:fs';
import path from 'node:path';
import {counted, publish, topCount} from './facts.mjs';
import {pathOf, root, textOf, trackedFiles, visible} from './git.mjs';
import {npmOutdated} from './npm-outdated.mjs';

const kinds = {
	'package.json': 'npm',
	'requirements.txt': 'Python',
	'pyproject.toml': 'Python',
	'Cargo.toml': 'Rust',
	'go.mod': 'Go',
	Gemfile: 'Ruby',
	'pom.xml': 'Maven',
	'build.gradle': 'Gradle',
	'build.gradle.kts': 'Gradle',
	'composer.json': 'PHP',
	'mix.exs': 'Elixir',
	'Package.swift': 'Swift',
	'pubspec.yaml': 'Dart',
};
const projectsMax = 3;

const tracked = trackedFiles();
const depthOf = name => name.split('/').length;
const manifests = tracked
	.filter(name => Object.hasOwn(kinds, path.posix.basename(name)) && !name.split('/').includes('node_modules'))
	.sort((a, b) => depthOf(a) - depthOf(b) || (a < b ? -1 : 1));

const declaredCountOf = name => {
	if (path.posix.basename(name) !== 'package.json') return null;
	try {
		const {dependencies, devDependencies} = JSON.parse(readFileSync(pathOf(name), 'utf8'));
		return Object.keys({...dependencies, ...devDependencies}).length;
	} catch {
		return null;
	}
};

const lockNames = ['package-lock.json', 'npm-shrinkwrap.json'];
const projects = manifests
	.filter(name => path.posix.basename(name) === 'package.json')
	.map(name => {
		const folder = path.posix.dirname(name);
		return {folder, lock: lockNames.map(lock => path.posix.join(folder, lock)).find(lock => tracked.includes(lock))};
	})
	.filter(project => project.lock !== undefined);

const isOnline = process.env.INPUT_ONLINE !== 'false';
const asked = await Promise.all(
	projects.slice(0, projectsMax).map(async ({folder, lock}) => ({
		folder: visible(textOf(folder)),
		...(isOnline
			? await npmOutdated(path.join(root, textOf(folder)), pathOf(lock))
			: {outdated: null, reason: 'the input `online` is false'}),
	})),
);
// One project that is not known makes the whole number not known; what is known is still listed.
const unknown = asked.find(project => project.outdated === null);
const outdated = asked.flatMap(project => project.outdated ?? []);

const facts = {
	manifests: manifests.slice(0, topCount()).map(name => ({
		path: visible(textOf(name)),
		kind: kinds[path.posix.basename(name)],
		declared: declaredCountOf(name),
	})),
	manifestCount: manifests.length,
	outdatedCount: unknown || asked.length === 0 ? null : outdated.length,
	notKnownBecause: unknown?.reason ?? (asked.length === 0 ? 'there is no package.json with an npm lock file' : null),
	outdated: outdated.slice(0, topCount()),
};
publish(facts, [
	manifests.length === 0 ? 'No manifest of dependencies is tracked.' : `${counted(manifests.length, 'manifest')}:`,
	...facts.manifests.map(
		({path, kind, declared}) => `  ${path} (${kind}${declared === null ? '' : `, ${declared} declared`})`,
	),
	facts.outdatedCount === null
		? `Outdated dependencies: not known, because ${facts.notKnownBecause}.`
		: `Outdated dependencies: ${facts.outdatedCount}.`,
	...facts.outdated.map(({name, current, latest}) => `  ${name} ${current} -> ${latest}`),
]);
