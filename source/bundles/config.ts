import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import type {BudgetSettings} from '../workflow/budget.ts';
import type {BundleRequirements, InputDefinition} from '../workflow/definition.ts';
import {type Diagnostic, hasErrors} from '../workflow/diagnostics.ts';
import {resolveInputs} from '../workflow/inputs.ts';
import {type AgentSettings, readAgent} from '../workflow/settings/agent.ts';
import {readBudgets} from '../workflow/settings/budget.ts';
import {readKeys} from '../workflow/settings/keys.ts';
import {readMap, readTemplate, readText, readTextList} from '../workflow/settings/read-value.ts';
import {isVariableName} from '../workflow/text/names.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import {createReport, type Report} from '../workflow/text/report.ts';
import {sourceTextOf} from '../workflow/text/source-text.ts';
import {readYaml} from '../workflow/yaml/read.ts';
import {mappingSuggestion, nounOf, plainValueOf, type YamlEntry} from '../workflow/yaml/tree.ts';

export const configName = 'config.yaml';

/** `config.yaml` of a bundle. */
export interface BundleConfig {
	/** Lower case letters, digits, `-`, `_` and `.`: the folder it is unpacked to. */
	readonly name: string;
	readonly version?: string;
	readonly description?: string;
	readonly author?: string;
	readonly license?: string;
	readonly tags: readonly string[];
	readonly requires: BundleRequirements;
	readonly defaults: BundleDefaults;
}

/** Goes before what the frontmatter of the workflow says; what a step says, and what is given with a run, wins. */
export interface BundleDefaults {
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly agent?: AgentSettings;
	readonly model?: string;
	readonly budgets?: readonly BudgetSettings[];
}

export interface ConfigReading {
	/** Only where no diagnostic is an error. */
	readonly config?: BundleConfig;
	readonly diagnostics: readonly Diagnostic[];
}

const configKeys = ['name', 'version', 'description', 'author', 'license', 'tags', 'requires', 'defaults'] as const;
const requireKeys = ['commands', 'env', 'agents', 'tools'] as const;
const defaultKeys = ['inputs', 'agent', 'model', 'budget'] as const;

/** Other programs have a `config.yaml` too: ours has a `name:`, as a workflow has. */
export const isBundleConfigText = (text: string): boolean => /^name[ \t]*:/m.test(text);

export const bundleNamePattern = /^[a-z0-9][a-z0-9._-]{0,63}$/;

/**
 * Reads a configuration and checks all of it. Pure.
 *
 * @param inputs Those of the workflow, where it could be read: defaults are checked against them.
 */
export const parseBundleConfig = (
	text: string,
	file: string,
	inputs?: Readonly<Record<string, InputDefinition>>,
): ConfigReading => {
	const report = createReport(sourceTextOf(text, file));
	const config = readConfig(report, text, inputs);
	const diagnostics = report.diagnostics();
	return hasErrors(diagnostics) ? {diagnostics} : {config, diagnostics};
};

const readConfig = (
	report: Report,
	text: string,
	inputs: Readonly<Record<string, InputDefinition>> | undefined,
): BundleConfig | undefined => {
	if (Buffer.byteLength(text) > limits.bundleConfigBytesMax) {
		const message = `This file is larger than ${formatSize(limits.bundleConfigBytesMax)}, the limit for ${configName}.`;
		report.error('file.too-large', 0, message, 'Move long texts to the README of the bundle.');
		return undefined;
	}

	const {root, isBroken} = readYaml(report, text, 0);
	if (isBroken) return undefined;
	if (root.kind !== 'map') {
		const message = `The configuration of a bundle must be a mapping, not ${nounOf(root)}.`;
		report.error('settings.invalid', root.start, message, mappingSuggestion(root, 'Write `name: my-bundle`.'));
		return undefined;
	}

	const entries = readKeys(report, root, configKeys, [], configName);
	const read = <T>(key: (typeof configKeys)[number], reader: (report: Report, entry: YamlEntry) => T) => {
		const entry = entries.get(key);
		return entry && reader(report, entry);
	};

	const name = read('name', readName);
	if (!entries.has('name'))
		report.error(
			'name.missing',
			0,
			`${configName} has no \`name:\`.`,
			'Add `name: my-bundle`; without it nothing of it counts.',
		);
	return {
		name: name ?? '',
		...some('version', read('version', readText)),
		...some('description', read('description', readTemplate)?.trim()),
		...some('author', read('author', readText)),
		...some('license', read('license', readText)),
		tags: read('tags', readNames) ?? [],
		requires: read('requires', readRequirements) ?? noRequirements,
		defaults: read('defaults', (_, entry) => readDefaults(report, entry, inputs)) ?? {inputs: {}},
	};
};

const noRequirements: BundleRequirements = {commands: [], env: [], agents: [], tools: []};

const some = <K extends string, V>(key: K, value: V | undefined) =>
	(value === undefined ? {} : {[key]: value}) as {[P in K]?: V};

const readName = (report: Report, entry: YamlEntry): string | undefined => {
	const name = readText(report, entry);
	if (name === undefined || bundleNamePattern.test(name)) return name;
	const message = `"${name}" cannot be the name of a bundle: a folder will be called so.`;
	const tidied = name
		.toLowerCase()
		.replaceAll(/[^a-z0-9._-]+/g, '-')
		.replaceAll(/^[^a-z0-9]+|-+$/g, '');
	report.error('name.invalid', entry.value.start, message, `Write \`name: ${tidied || 'my-bundle'}\`.`);
	return undefined;
};

const readNames = (report: Report, entry: YamlEntry): readonly string[] | undefined =>
	readTextList(report, entry)?.map(({text}) => text);

const readRequirements = (report: Report, entry: YamlEntry): BundleRequirements | undefined => {
	const map = readMap(report, entry);
	if (!map) return undefined;
	const entries = readKeys(report, map, requireKeys, [], '`requires`');
	const list = (key: (typeof requireKeys)[number]) => {
		const found = entries.get(key);
		return found ? (readNames(report, found) ?? []) : [];
	};
	return {
		commands: list('commands'),
		env: readVariables(report, entries.get('env')),
		agents: list('agents'),
		tools: list('tools'),
	};
};

const readVariables = (report: Report, entry: YamlEntry | undefined): readonly string[] =>
	((entry && readTextList(report, entry)) ?? [])
		.filter(({text, start}) => {
			if (isVariableName(text)) return true;
			report.error(
				'env.name-invalid',
				start,
				`"${text}" cannot be the name of an environment variable.`,
				'Write one name for each.',
			);
			return false;
		})
		.map(({text}) => text);

const readDefaults = (
	report: Report,
	entry: YamlEntry,
	definitions: Readonly<Record<string, InputDefinition>> | undefined,
): BundleDefaults | undefined => {
	const map = readMap(report, entry);
	if (!map) return undefined;
	const entries = readKeys(report, map, defaultKeys, [], '`defaults`');
	const read = <T>(key: (typeof defaultKeys)[number], reader: (report: Report, found: YamlEntry) => T) => {
		const found = entries.get(key);
		return found && reader(report, found);
	};
	return {
		inputs: read('inputs', (_, found) => readInputs(report, found, definitions)) ?? {},
		...some('agent', read('agent', readAgent)),
		...some('model', read('model', readText)),
		...some(
			'budgets',
			read('budget', (_, found) => readBudgets(report, found, 'workflow')),
		),
	};
};

const readInputs = (
	report: Report,
	entry: YamlEntry,
	definitions: Readonly<Record<string, InputDefinition>> | undefined,
): Record<string, unknown> => {
	const inputs: Record<string, unknown> = {};
	for (const {key: name, keyStart, value} of readMap(report, entry)?.entries ?? []) {
		if (value.kind === 'broken') continue;
		const plain = plainValueOf(value);
		inputs[name] = plain;
		const definition = definitions && Object.hasOwn(definitions, name) ? definitions[name] : undefined;
		if (definitions && !definition) {
			const suggestion = didYouMean(name, Object.keys(definitions), 'The workflow says under `inputs:` what it takes.');
			report.error('input.unknown', keyStart, `The workflow has no input \`${name}\`.`, suggestion);
		}

		const [problem] = definition ? resolveInputs({inputs: {[name]: definition}}, {[name]: plain}).diagnostics : [];
		if (problem) report.error(problem.code, value.start, problem.message, 'Mend the value.');
	}

	return inputs;
};
