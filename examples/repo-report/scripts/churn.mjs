// Which files were changed by the most commits.
import {counted, dateOf, publish, sinceMoment, topCount} from './facts.mjs';
import {git, hasCommits, shallowCommits, textOf, trackedFiles, visible} from './git.mjs';

const boundariesMax = 500;
const {seconds, argument} = sinceMoment();

const boundaries = shallowCommits().slice(0, boundariesMax);
const log = ['log', '-z', '--format=', '--name-only', '--no-renames', '--no-merges', argument, 'HEAD'];
const changes = hasCommits ? git([...log, ...boundaries.map(commit => `^${commit}`), '--']) : '';

const counts = new Map();
for (const name of changes.split('\0')) if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);

const tracked = new Set(trackedFiles());
const changed = [...counts].filter(([name]) => tracked.has(name));
const facts = {
	changedFiles: changed.length,
	top: changed
		.sort(([nameA, a], [nameB, b]) => b - a || (nameA < nameB ? -1 : 1))
		.slice(0, topCount())
		.map(([name, commits]) => ({path: visible(textOf(name)), commits})),
};
publish(facts, [
	`${counted(facts.changedFiles, 'file')} of today changed since ${dateOf(seconds)}.`,
	...facts.top.map(({path, commits}) => `${String(commits).padStart(6)}  ${path}`),
]);
