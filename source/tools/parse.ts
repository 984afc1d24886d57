import path from 'node:path';
import {AiworkflowError} from '../errors.ts';
import {type Diagnostic, hasErrors} from '../workflow/diagnostics.ts';
import {readTemplate, readText, wrong} from '../workflow/settings/read-value.ts';
import {createReport, type Report} from '../workflow/text/report.ts';
import {sourceTextOf} from '../workflow/text/source-text.ts';
import {readYaml} from '../workflow/yaml/read.ts';
import {mappingSuggestion, nounOf, shortened, type YamlEntry, type YamlMap} from '../workflow/yaml/tree.ts';
import type {ToolDefinition, ToolImplementation} from './definition.ts';
import {
	commonKeys,
	type ImplementationDefaults,
	kindKeys,
	readDefaults,
	readImplementation,
} from './read-implementation.ts';
import {readToolKeys} from './read-keys.ts';

export interface ParsedTool {
	/** What its steps would call it, also where the file has problems. */
	readonly name: string;
	/** Only where no diagnostic is an error. */
	readonly definition?: ToolDefinition;
	readonly diagnostics: readonly Diagnostic[];
}

const toolKeys = ['name', 'description', 'implementations', ...kindKeys, ...commonKeys] as const;
const namePattern = /^[a-z0-9][a-z0-9-]*$/;
const example = 'Write `mcp: { command: npx, args: [-y, some-server] }`, for instance.';

export const toolNameOf = (file: string): string => path.basename(file).replace(/\.ya?ml$/, '');

/** Reads the file of a tool and checks all of it. Pure. @param file Absolute; nothing is read of it. */
export const parseTool = (raw: string, file: string): ParsedTool => {
	const source = sourceTextOf(raw, file);
	const report = createReport(source);
	const {root, isBroken} = readYaml(report, source.text, 0);
	const named = toolNameOf(file);
	if (isBroken) return {name: named, diagnostics: report.diagnostics()};
	if (root.kind !== 'map') {
		const message = `The file of a tool must be a mapping, not ${nounOf(root)}.`;
		report.error('tool.invalid', root.start, message, mappingSuggestion(root, example));
		return {name: named, diagnostics: report.diagnostics()};
	}

	const tool = readTool(report, root, file);
	const diagnostics = report.diagnostics();
	return {name: tool.name, diagnostics, ...(!hasErrors(diagnostics) && {definition: tool})};
};

const readTool = (report: Report, root: YamlMap, file: string): ToolDefinition => {
	const entries = readToolKeys(report, root, toolKeys, 'the file of a tool');
	const description = entries.get('description');
	const said = description && readTemplate(report, description);
	return {
		name: readName(report, entries.get('name'), file),
		...(said !== undefined && {description: said}),
		file,
		implementations: readImplementations(report, root, entries),
	};
};

const readName = (report: Report, entry: YamlEntry | undefined, file: string): string => {
	const name = entry ? (readText(report, entry) ?? toolNameOf(file)) : toolNameOf(file);
	if (namePattern.test(name)) return name;
	const suggestion = entry
		? 'Use lower case letters, digits and `-`.'
		: 'Rename the file, or add `name:` with lower case letters, digits and `-`.';
	const message = `A tool cannot be called \`${shortened(name)}\`.`;
	report.error('tool.name-invalid', entry?.value.start ?? 0, message, suggestion);
	return name;
};

type Entries = ReadonlyMap<(typeof toolKeys)[number], YamlEntry>;

const readImplementations = (report: Report, root: YamlMap, entries: Entries): ToolImplementation[] => {
	const list = entries.get('implementations');
	if (!list) {
		const only = readImplementation(report, new Map([...entries].filter(isOfImplementation)), root.start, {
			passEnv: [],
		});
		return only ? [only] : [];
	}

	for (const key of [...kindKeys, 'id', 'for'] as const) {
		const entry = entries.get(key);
		if (!entry) continue;
		const message = `\`${key}\` stands beside \`implementations\`, and belongs to one of them.`;
		report.error('key.misplaced', entry.keyStart, message, 'Move it into the list.');
	}

	return readList(report, list, readDefaults(report, entries));
};

type ImplementationKey = (typeof kindKeys)[number] | (typeof commonKeys)[number];
const isOfImplementation = (
	entry: readonly [string, YamlEntry],
): entry is readonly [ImplementationKey, YamlEntry] & [ImplementationKey, YamlEntry] =>
	[...kindKeys, ...commonKeys].some(key => key === entry[0]);

const readList = (
	report: Report,
	{key, keyStart, value}: YamlEntry,
	defaults: ImplementationDefaults,
): ToolImplementation[] => {
	if (value.kind === 'broken') return [];
	if (value.kind !== 'list' || value.items.length === 0) {
		const suggestion = 'Write `implementations: [ { mcp: … }, { script: … } ]`, the preferred one first.';
		if (value.kind === 'list') report.error('value.invalid', keyStart, `\`${key}\` is empty.`, suggestion);
		else wrong(report, key, value, 'a list', suggestion);
		return [];
	}

	const ids = new Set<string>();
	return value.items.flatMap(item => {
		if (item.kind !== 'map') {
			if (item.kind !== 'broken') wrong(report, key, item, 'a list of mappings', 'Write `- mcp: { … }`.');
			return [];
		}

		const entries = readToolKeys(report, item, [...kindKeys, ...commonKeys], 'an implementation');
		const read = readImplementation(report, entries, item.start, defaults);
		if (!read) return [];
		if (ids.has(read.id)) {
			const message = `Two implementations are called \`${read.id}\`.`;
			report.error('tool.duplicate', item.start, message, 'Give one of them another `id:`.');
		}

		ids.add(read.id);
		return [read];
	});
};

export const toolInvalid = (file: string, diagnostics: readonly Diagnostic[]) => {
	const errors = diagnostics.filter(({severity}) => severity === 'error');
	const [first] = errors;
	const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
	return new AiworkflowError({
		code: 'tool.invalid',
		message: `${file}:${first!.line}:${first!.column}: ${first!.message}${rest}`,
		suggestion: first!.suggestion ?? 'Mend the file; docs/tools.md describes it.',
		diagnostics,
	});
};
