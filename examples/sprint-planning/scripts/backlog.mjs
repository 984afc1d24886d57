// The open issues, from Markdown files, from JSON or from GitHub.
import {execFileSync} from 'node:child_process';
import {appendFileSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';

const fail = message => {
	console.error(message);
	process.exit(1);
};
const place = process.env.INPUT_ISSUES;
const textMax = 4000;

/** Only what this needs of YAML: `key: value` and `key: [a, b]`. */
const settingsOf = yaml =>
	Object.fromEntries(
		[...yaml.matchAll(/^(\w+):[ \t]*(.*)$/gm)].map(([, key, value]) => [
			key,
			/^\[.*\]$/.test(value)
				? value
						.slice(1, -1)
						.split(',')
						.map(each => each.trim())
						.filter(Boolean)
				: value.replaceAll(/^["']|["']$/g, ''),
		]),
	);

const ofMarkdown = file => {
	const [, yaml = '', text = ''] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(readFileSync(file, 'utf8')) ?? [];
	const {title, points, priority, needs = [], status} = settingsOf(yaml);
	const id = path.basename(file, '.md');
	return {
		id,
		title: title ?? id,
		text,
		points,
		priority,
		needs: [needs].flat(),
		isDone: /^(?:done|closed)$/i.test(status ?? ''),
	};
};

const labelled = (labels, name) =>
	labels
		.map(label => label.name ?? label)
		.map(label => new RegExp(`^${name}: ?(\\d+)$`, 'i').exec(label)?.[1])
		.find(Boolean);

/** As `gh issue list --json number,title,body,labels` prints them. */
const ofJson = ({
	number,
	id = number,
	title,
	body,
	text = body,
	labels = [],
	points = labelled(labels, 'size'),
	priority = labelled(labels, 'priority'),
	needs = [],
}) => ({
	id: String(id),
	title,
	text: text ?? '',
	points,
	priority,
	needs: needs.map(String),
	isDone: false,
});

const fromGitHub = () => {
	try {
		return execFileSync(
			'gh',
			['issue', 'list', '--state', 'open', '--limit', '100', '--json', 'number,title,body,labels'],
			{encoding: 'utf8', maxBuffer: 64 * 1024 * 1024},
		);
	} catch (error) {
		return fail(`GitHub could not be asked by gh: ${error.message.split('\n')[0]}`);
	}
};

const read = () => {
	if (place === 'gh') return JSON.parse(fromGitHub()).map(ofJson);
	const found = statSync(place, {throwIfNoEntry: false});
	if (!found) return fail(`There is no ${place}. Name a folder, a JSON file or gh with --input issues=….`);
	if (found.isFile()) return JSON.parse(readFileSync(place, 'utf8')).map(ofJson);
	return readdirSync(place)
		.filter(name => name.endsWith('.md'))
		.sort()
		.map(name => ofMarkdown(path.join(place, name)));
};

const all = read();
const done = all.filter(({isDone}) => isDone).map(({id}) => id);
const issues = all
	.filter(({isDone}) => !isDone)
	.map(({id, title, text, points, priority, needs}) => ({
		id,
		title,
		text: text.trim().slice(0, textMax),
		points: Number(points) || null,
		priority: Number(priority ?? 3),
		needs: needs.filter(need => !done.includes(need)),
	}));
const unsized = issues.filter(({points}) => points === null);
console.log(`${issues.length} open issue(s), ${unsized.length} of them without a size.`);
appendFileSync(process.env.OUTPUT, JSON.stringify({issues, unsized}));
