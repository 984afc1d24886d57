import {stringify} from 'yaml';
import {idOfHeading} from '../workflow/steps/id.ts';
import {canBeReferenced} from '../workflow/text/names.ts';
import type {Draft, DraftStep} from './draft.ts';

/** @returns The text of a workflow file. */
export const writeWorkflow = ({name, description, title, introduction, settings, steps}: Draft): string => {
	const front = yamlOf({name, ...(description && {description: oneLine(description)}), ...settings});
	const ids = uniqueIds(steps.map(step => step.title));
	const parts = [
		`---\n${front}---\n# ${headingOf(title) || name}`,
		...(introduction ? [introduction.trim()] : []),
		...steps.map((step, index) => stepText(step, step.id ?? ids[index]!)),
	];
	return `${parts.join('\n\n')}\n`;
};

/** What each step will be called: its heading's id where that can be one and is free. */
export const uniqueIds = (titles: readonly string[]): readonly string[] => {
	const taken = new Set<string>();
	const counts = new Map<string, number>();
	return titles.map((title, index) => {
		const own = idOfHeading(headingOf(title));
		const base = canBeReferenced(own) ? own : plainIdOf(own, index + 1);
		let id = base;
		while (taken.has(id.toLowerCase())) {
			const count = (counts.get(base) ?? 1) + 1;
			counts.set(base, count);
			id = `${base}-${count}`;
		}

		taken.add(id.toLowerCase());
		return id;
	});
};

const plainIdOf = (text: string, number: number): string => {
	const plain = text.replaceAll(/[^A-Za-z0-9_-]+/g, '').replaceAll(/^-+|-+$/g, '');
	if (plain === '') return `step-${number}`;
	return /^[A-Za-z_]/.test(plain) ? plain : `step-${plain}`;
};

const stepText = ({title, settings = {}, text, script}: DraftStep, id: string): string => {
	const heading = headingOf(title) || id;
	const all = {...(idOfHeading(heading) !== id && {id}), ...settings};
	const parts = [`## ${heading}`];
	if (Object.keys(all).length > 0) parts.push(fenced('yaml step', yamlOf(all).trimEnd()));
	if (text?.trim()) parts.push(text.replace(/^\n+/, '').trimEnd());
	if (script) parts.push(fenced(`${script.language} run`, script.code.trimEnd()));
	return parts.join('\n');
};

const fenced = (info: string, code: string): string => {
	const longest = Math.max(2, ...(code.match(/`{3,}/g) ?? []).map(run => run.length));
	const fence = '`'.repeat(longest + 1);
	return `${fence}${info}\n${code}\n${fence}`;
};

const yamlOf = (value: Readonly<Record<string, unknown>>): string =>
	stringify(value, {lineWidth: 0, aliasDuplicateObjects: false});

const titleLengthMax = 120;

/** One line that no Markdown parser sees more in than words. */
export const headingOf = (title: string): string =>
	title
		.slice(0, titleLengthMax * 2)
		.replaceAll(/[`*_<>[\]\\#&!]+/g, ' ')
		.replaceAll(/\s+/g, ' ')
		.trim()
		.slice(0, titleLengthMax);

const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();
