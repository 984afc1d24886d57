// The lines of the project that name each package.
import {appendFileSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

const skipped = new Set(['node_modules', 'dist', 'build', 'coverage', 'vendor']);
const isSource = name =>
	/\.(?:[cm]?[jt]sx?|vue|svelte|json)$/.test(name) && !/^(?:package|package-lock)\.json$/.test(name);
const [filesMax, linesMax] = [5000, 25];

const filesBelow = folder =>
	readdirSync(folder, {withFileTypes: true}).flatMap(entry => {
		const place = path.join(folder, entry.name);
		if (entry.isDirectory()) return entry.name.startsWith('.') || skipped.has(entry.name) ? [] : filesBelow(place);
		return entry.isFile() &&
			place !== process.env.INPUT_OUTDATED &&
			isSource(entry.name) &&
			statSync(place).size < 1_000_000
			? [place]
			: [];
	});

const files = filesBelow('.').slice(0, filesMax);
const linesOf = name => {
	const quoted = new RegExp(`["'\`]${name.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`)}(?:/[^"'\`]*)?["'\`]`);
	return files
		.flatMap(file =>
			readFileSync(file, 'utf8')
				.split('\n')
				.flatMap((line, index) => (quoted.test(line) ? [`${file}:${index + 1} ${line.trim().slice(0, 200)}`] : [])),
		)
		.slice(0, linesMax);
};

const packages = JSON.parse(process.env.MAJOR).map(update => {
	const uses = linesOf(update.name);
	return {...update, uses: uses.length > 0 ? uses : ['(no line names it: a tool, or not used)']};
});
for (const {name, uses} of packages) console.log(`${name}: ${uses.length} line(s)`);
appendFileSync(process.env.OUTPUT, JSON.stringify({packages}));
