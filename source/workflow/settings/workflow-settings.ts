import type {BudgetSettings} from '../budget.ts';
import type {ConcurrencySettings, InputDefinition, RoutingWish, Template} from '../definition.ts';
import {type ExpressionSite, type Sited, sitesOf} from '../expression/site.ts';
import type {GivenTool} from '../given-tools.ts';
import type {PermissionRules} from '../permissions.ts';
import {canBeReferenced, isVariableName} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import type {Trigger} from '../triggers.ts';
import type {YamlReading} from '../yaml/read.ts';
import {mappingSuggestion, nounOf, shortened, type YamlEntry} from '../yaml/tree.ts';
import {readAgent} from './agent.ts';
import {readBudgets} from './budget.ts';
import {readConcurrency} from './concurrency.ts';
import {type Environment, noEnvironment, readEnvironment} from './env.ts';
import {readInputDefinitions} from './input-definitions.ts';
import {frontmatterKeys, readKeys} from './keys.ts';
import {notBuilt} from './not-built.ts';
import {readPermissions} from './permissions.ts';
import {readDurationMs, readMap, readTemplate, readText, readTextList} from './read-value.ts';
import {readTools} from './tools.ts';
import {readTriggers} from './triggers.ts';

/** The frontmatter, read. */
export interface WorkflowSettings {
	readonly name: string;
	readonly description?: string;
	readonly version?: string;
	/** `undefined`: they could not be read, so that any name may be one. */
	readonly inputs?: Readonly<Record<string, InputDefinition>>;
	readonly outputs: Readonly<Record<string, Template>>;
	readonly outputSites: readonly ExpressionSite[];
	readonly environment: Environment;
	readonly agents: readonly string[];
	readonly routing?: RoutingWish;
	readonly model?: string;
	readonly budgets?: readonly BudgetSettings[];
	readonly permissions?: PermissionRules;
	readonly tools?: readonly GivenTool[];
	readonly timeoutMs?: number;
	readonly concurrency?: Sited<ConcurrencySettings>;
	readonly passEnv: readonly string[];
	/** What starts a run by itself. */
	readonly triggers?: Sited<readonly Trigger[]>;
	/** The YAML could not be read; what follows from missing settings is not worth saying. */
	readonly isBroken: boolean;
}

export const readWorkflowSettings = (report: Report, {root, isBroken}: YamlReading): WorkflowSettings => {
	const isEmpty = root.kind === 'scalar' && root.value === null;
	if (isBroken || (root.kind !== 'map' && !isEmpty)) {
		if (!isBroken) {
			const message = `The frontmatter must be a mapping, not ${nounOf(root)}.`;
			report.error('settings.invalid', root.start, message, mappingSuggestion(root, 'Write `name: my-workflow`.'));
		}

		return {
			name: '',
			outputs: {},
			outputSites: [],
			environment: noEnvironment,
			agents: [],
			passEnv: [],
			isBroken: true,
		};
	}

	const map = root.kind === 'map' ? root : {kind: 'map' as const, start: root.start, entries: []};
	const entries = readKeys(report, map, frontmatterKeys, notBuilt.frontmatter, 'the frontmatter');
	const read = <T>(key: (typeof frontmatterKeys)[number], reader: (report: Report, entry: YamlEntry) => T) => {
		const entry = entries.get(key);
		return entry && reader(report, entry);
	};

	const triggers = read('on', readTriggers);
	if (!entries.has('name')) reportMissingName(report);
	const inputs = read('inputs', readMap);
	const agent = read('agent', readAgent);
	return {
		name: read('name', readText) ?? '',
		description: read('description', readTemplate)?.trim(),
		version: read('version', readText),
		inputs: entries.has('inputs') ? inputs && readInputDefinitions(report, inputs) : {},
		...readOutputs(report, entries.get('outputs')),
		environment: readEnvironment(report, entries.get('env'), 'workflow-env'),
		agents: agent?.agents ?? [],
		routing: agent?.routing,
		model: read('model', readText),
		budgets: read('budget', (_, entry) => readBudgets(report, entry, 'workflow')),
		permissions: read('permissions', readPermissions),
		tools: read('tools', readTools),
		timeoutMs: read('timeout', readDurationMs),
		concurrency: read('concurrency', readConcurrency),
		passEnv: read('pass-env', readVariableNames) ?? [],
		triggers,
		isBroken: false,
	};
};

const reportMissingName = (report: Report): void =>
	report.error(
		'name.missing',
		0,
		'The frontmatter has no `name:`, so this is not a workflow.',
		'Add `name: my-workflow` to the frontmatter to make it one.',
	);

const readOutputs = (
	report: Report,
	entry: YamlEntry | undefined,
): Pick<WorkflowSettings, 'outputs' | 'outputSites'> => {
	const map = entry && readMap(report, entry);
	const outputs: [string, Template][] = [];
	const outputSites: ExpressionSite[] = [];
	for (const output of map?.entries ?? []) {
		if (!canBeReferenced(output.key)) {
			const message = `No expression can name an output \`${shortened(output.key)}\`.`;
			const suggestion = 'Begin with a letter; go on with letters, digits, `_` and `-`.';
			report.error('outputs.name-invalid', output.keyStart, message, suggestion);
			continue;
		}

		const template = readTemplate(report, output);
		if (template === undefined || output.value.kind !== 'scalar') continue;
		outputs.push([output.key, template]);
		outputSites.push(...sitesOf(report, template, 'workflow-outputs', output.value.offsetOf));
	}

	return {outputs: Object.fromEntries(outputs), outputSites};
};

const readVariableNames = (report: Report, entry: YamlEntry): readonly string[] | undefined =>
	readTextList(report, entry)
		?.filter(({text, start}) => {
			if (isVariableName(text)) return true;
			const message = `\`${shortened(text)}\` cannot be the name of an environment variable.`;
			report.error('env.name-invalid', start, message, 'Name one variable in each entry; patterns are not known.');
			return false;
		})
		.map(({text}) => text);
