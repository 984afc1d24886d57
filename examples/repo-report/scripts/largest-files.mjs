// How many files are tracked, and which of them are the largest.
import {lstatSync} from 'node:fs';
import {counted, publish, topCount} from './facts.mjs';
import {pathOf, textOf, trackedFiles, visible} from './git.mjs';

const names = trackedFiles();
const files = [];
for (const name of names) {
	const status = lstatSync(pathOf(name), {throwIfNoEntry: false});
	// A submodule is a folder; a deleted file, or one outside a sparse checkout, is not there.
	if (status && !status.isDirectory()) files.push({path: visible(textOf(name)), sizeBytes: status.size});
}

const facts = {
	count: names.length,
	totalBytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
	top: files.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1)).slice(0, topCount()),
};
publish(facts, [
	`${counted(facts.count, 'tracked file')}, ${facts.totalBytes} bytes.`,
	...facts.top.map(({path, sizeBytes}) => `${String(sizeBytes).padStart(12)}  ${path}`),
]);
