import {readKeys} from '../workflow/settings/keys.ts';
import {readChoice, readText, readTextList, wrong} from '../workflow/settings/read-value.ts';
import type {Report} from '../workflow/text/report.ts';
import {readYaml} from '../workflow/yaml/read.ts';
import {entryOf, mappingSuggestion, nounOf, type YamlEntry, type YamlMap} from '../workflow/yaml/tree.ts';
import {
	type TemplateCategory,
	type TemplateMetadata,
	type TemplateRequirements,
	templateCategories,
} from './definition.ts';
import {readVariables} from './read-variables.ts';

const keys = [
	'id',
	'name',
	'description',
	'category',
	'version',
	'author',
	'license',
	'tags',
	'requirements',
	'variables',
] as const;

export const templateIdPattern = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** @returns `undefined` where it cannot be read; the reasons are in the report. */
export const readMetadata = (report: Report): TemplateMetadata | undefined => {
	const {root, isBroken} = readYaml(report, report.source.text, 0);
	if (isBroken) return undefined;
	if (root.kind !== 'map') {
		const message = `A template's metadata must be a mapping, not ${nounOf(root)}.`;
		report.error('template.invalid', root.start, message, mappingSuggestion(root, 'Begin with `id: my-template`.'));
		return undefined;
	}

	const entries = readKeys(report, root, keys, [], 'a template');
	const text = (key: (typeof keys)[number]) => {
		const entry = entries.get(key);
		return entry && readText(report, entry);
	};

	const [id, name, description] = (['id', 'name', 'description'] as const).map(key => requiredText(report, root, key));
	const category = readCategory(report, root);
	checkId(report, entries.get('id'), id);
	const tags = entries.get('tags');
	const variables = entries.get('variables');
	const requirements = entries.get('requirements');
	const read = {
		version: text('version') ?? '1.0.0',
		author: text('author'),
		license: text('license'),
		tags: (tags && readTextList(report, tags)?.map(tag => tag.text)) ?? [],
		requirements: readRequirements(report, requirements),
		variables: variables ? readVariables(report, variables) : [],
	};
	return id && name && description && category ? {id, name, description, category, ...read} : undefined;
};

const requiredText = (report: Report, root: YamlMap, key: 'id' | 'name' | 'description'): string | undefined => {
	const entry = entryOf(root, key);
	if (entry) return readText(report, entry);
	report.error('template.invalid', root.start, `The template has no \`${key}\`.`, `Write \`${key}: …\`.`);
	return undefined;
};

const checkId = (report: Report, entry: YamlEntry | undefined, id: string | undefined): void => {
	if (!entry || id === undefined || templateIdPattern.test(id)) return;
	const message = 'The `id` of a template consists of small letters, digits and `-`, at most 64.';
	report.error('template.invalid', entry.value.start, message, 'Write `id: my-template`.');
};

const readCategory = (report: Report, root: YamlMap): TemplateCategory | undefined => {
	const known = Object.keys(templateCategories) as TemplateCategory[];
	const entry = entryOf(root, 'category');
	if (entry) return readChoice(report, entry, known, `It is one of ${known.join(', ')}.`);
	report.error('template.invalid', root.start, 'The template has no `category`.', `It is one of ${known.join(', ')}.`);
	return undefined;
};

const readRequirements = (report: Report, entry: YamlEntry | undefined): TemplateRequirements => {
	const none = {commands: [], env: [], agents: []};
	if (!entry || entry.value.kind === 'broken') return none;
	if (entry.value.kind !== 'map') {
		wrong(report, entry.key, entry.value, 'a mapping', 'Write `requirements: { commands: [git] }`.');
		return none;
	}

	const entries = readKeys(report, entry.value, ['commands', 'env', 'agents'], [], '`requirements`');
	const listOf = (key: 'commands' | 'env' | 'agents') => {
		const list = entries.get(key);
		return (list && readTextList(report, list)?.map(({text}) => text)) ?? [];
	};

	return {commands: listOf('commands'), env: listOf('env'), agents: listOf('agents')};
};
