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
		reportMissing(report);
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
	// gray-matter ends the frontmatter at the first line that begins with `---`, whatever follows.
	const closing = /\n---([^\n]*)/.exec(text.slice(matterStart - 1));
	if (!closing) {
		const message = 'The frontmatter that starts here is never closed.';
		report.error('frontmatter.unclosed', 0, message, 'End it with a line `---`.');
		return undefined;
	}

	if (closing[1]!.trim() !== '') {
		const message = 'This line must be `---` alone to end the frontmatter.';
		const suggestion = 'Remove what follows `---`, or indent the line if it belongs to a value.';
		report.error('frontmatter.unclosed', matterStart + closing.index, message, suggestion);
		return undefined;
	}

	return splitFrontmatter(report, matterStart);
};

const reportMissing = (report: Report): void => {
	const {text} = report.source;
	const beginning = text.slice(0, earlyLengthMax).replaceAll(/<!--[\s\S]*?(?:-->|$)/g, '');
	const isLate = /^---[ \t]*\n/.test(beginning.trimStart());
	if (isLate) {
		const message = 'This file is not a workflow: something stands before its frontmatter.';
		report.error('frontmatter.missing', 0, message, 'Make `---` the first line of the file.');
		return;
	}

	const message = 'This file is not a workflow: it does not begin with frontmatter.';
	const suggestion = text.startsWith('+++')
		? 'Write the frontmatter in YAML between two lines `---`; TOML between `+++` is not read.'
		: 'To make it one, begin it with the lines `---`, `name: my-workflow`, `---`.';
	report.error('frontmatter.missing', 0, message, suggestion);
};

const earlyLengthMax = 2000;

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
