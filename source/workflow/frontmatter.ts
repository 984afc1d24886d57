import matter from 'gray-matter';
import type {Report} from './text/report.ts';
import {readYaml, type YamlReading} from './yaml/read.ts';

export interface Frontmatter {
	readonly yaml: YamlReading;
	/** Where the Markdown begins. */
	readonly bodyStart: number;
}

/** @returns `undefined` where there is none that can be read; the reason is in the report. */
export const readFrontmatter = (report: Report): Frontmatter | undefined => {
	const {text} = report.source;
	if (!matter.test(text) || text.startsWith('----')) {
		report.error(
			'frontmatter.missing',
			0,
			'This file is not a workflow: it does not begin with frontmatter.',
			'To make it one, begin it with the lines `---`, `name: my-workflow`, `---`.',
		);
		return undefined;
	}

	const {raw, name} = languageOf(text);
	if (name !== '' && name !== 'yaml' && name !== 'yml') {
		report.error(
			'frontmatter.language',
			3,
			`The frontmatter asks to be read as \`${name.slice(0, 40)}\`. It must be YAML; nothing was evaluated.`,
			'Begin the file with `---` alone and write the frontmatter in YAML.',
		);
		return undefined;
	}

	const matterStart = 3 + (name === '' ? 0 : raw.length);
	if (!/\n---/.test(text.slice(matterStart - 1))) {
		const message = 'The frontmatter that starts here is never closed.';
		report.error('frontmatter.unclosed', 0, message, 'End it with a line `---`.');
		return undefined;
	}

	return splitFrontmatter(report, matterStart);
};

const splitFrontmatter = (report: Report, matterStart: number): Frontmatter => {
	const {text} = report.source;
	let yaml: YamlReading | undefined;
	const read = (front: string) => {
		yaml = readYaml(report, front, matterStart);
		return {};
	};

	const {content} = matter(text, {engines: {...refusingEngines, yaml: read, yml: read}});
	// Frontmatter of comments only never reaches the engine.
	yaml ??= readYaml(report, '', matterStart);
	return {yaml, bodyStart: text.length - content.length};
};

const refuse = () => {
	throw new Error('Only YAML frontmatter is read.');
};

/** gray-matter evaluates `---js`; none of its own engines may run. */
const refusingEngines = {javascript: refuse, js: refuse, json: refuse, coffee: refuse, cson: refuse, toml: refuse};

const languageOf = (text: string): {readonly raw: string; readonly name: string} => {
	const end = text.indexOf('\n');
	const raw = text.slice(3, end === -1 ? text.length : end);
	return {raw, name: raw.trim().toLowerCase()};
};
