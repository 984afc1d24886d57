import type {BudgetSettings} from './budget.ts';
import type {Diagnostic} from './diagnostics.ts';
import type {PermissionRules} from './permissions.ts';
import {budgetKeys, readBudget} from './settings/budget.ts';
import {readKeys} from './settings/keys.ts';
import {type NotificationSettings, readNotifications} from './settings/notifications.ts';
import {readPermissions} from './settings/permissions.ts';
import {readChoice, readText, wrong} from './settings/read-value.ts';
import {createReport, type Report} from './text/report.ts';
import {sourceTextOf} from './text/source-text.ts';
import {readYaml} from './yaml/read.ts';
import {mappingSuggestion, nounOf, type YamlEntry, type YamlMap} from './yaml/tree.ts';

/** `.aiworkflow/aiworkflow.yaml` of a workspace, or the user's own `aiworkflow.yaml`. */
export interface WorkspaceSettings {
	/** What agents may do without asking. */
	readonly permissions?: PermissionRules;
	readonly budgets: readonly ScopedBudgetSettings[];
	/** Who is told of what happens in runs. */
	readonly webhooks?: readonly NotificationSettings[];
}

export interface ScopedBudgetSettings {
	readonly scope: 'workflow' | 'agent' | 'model' | 'workspace' | 'global';
	/** Missing: each of them by itself. */
	readonly name?: string;
	readonly settings: BudgetSettings;
}

export const noSettings: WorkspaceSettings = {budgets: []};
const scopes = ['workspace', 'workflow', 'agent', 'model', 'global'] as const;
const example = 'Write `budgets: [{ scope: workspace, usd: 20, period: day }]`.';

/**
 * Reads settings and checks all of them. Pure.
 *
 * @param file Only named in the diagnostics.
 * @param owner Whose they are: `cockpit:` is the user's own, and checked by the cockpit.
 */
export const parseWorkspaceSettings = (
	text: string,
	file: string,
	owner: 'user' | 'workspace' = 'workspace',
): {readonly settings: WorkspaceSettings; readonly diagnostics: Diagnostic[]} => {
	const report = createReport(sourceTextOf(text, file));
	const settings = readSettings(report, text, owner);
	return {settings, diagnostics: report.diagnostics()};
};

const readSettings = (report: Report, text: string, owner: 'user' | 'workspace'): WorkspaceSettings => {
	const {root, isBroken} = readYaml(report, text, 0);
	if (isBroken || (root.kind === 'scalar' && root.value === null)) return noSettings;
	if (root.kind !== 'map') {
		const message = `These settings must be a mapping, not ${nounOf(root)}.`;
		report.error('settings.invalid', root.start, message, mappingSuggestion(root, example));
		return noSettings;
	}

	const entries = readKeys(
		report,
		root,
		['version', 'permissions', 'budgets', 'webhooks', 'cockpit'],
		[],
		'these settings',
	);
	const cockpit = entries.get('cockpit');
	if (cockpit && owner === 'workspace') {
		const message =
			"The cockpit is the user's own: it reads `cockpit` of their own settings only; here it does nothing.";
		report.warning('key.misplaced', cockpit.keyStart, message, 'Move it to ~/.config/aiworkflow/aiworkflow.yaml.');
	}

	const permissions = entries.get('permissions');
	const budgets = entries.get('budgets');
	const rules = permissions && readPermissions(report, permissions);
	const webhooks = entries.get('webhooks');
	return {
		...(rules && {permissions: rules}),
		budgets: budgets ? readScopedBudgets(report, budgets) : [],
		...(webhooks && {webhooks: readNotifications(report, webhooks)}),
	};
};

const readScopedBudgets = (report: Report, {key, keyStart, value}: YamlEntry): ScopedBudgetSettings[] => {
	if (value.kind === 'broken') return [];
	if (value.kind !== 'list') {
		wrong(report, key, value, 'a list', example);
		return [];
	}

	return value.items.flatMap(node => {
		if (node.kind === 'broken') return [];
		if (node.kind === 'map') return readScopedBudget(report, {key, keyStart, value: node}) ?? [];
		wrong(report, key, node, 'a list of mappings', example);
		return [];
	});
};

const readScopedBudget = (
	report: Report,
	{key, keyStart, value}: {readonly key: string; readonly keyStart: number; readonly value: YamlMap},
): ScopedBudgetSettings | undefined => {
	const entries = readKeys(report, value, ['scope', 'name', ...budgetKeys], [], 'a budget');
	const scope = entries.get('scope');
	const name = entries.get('name');
	const period = entries.get('period');
	if (!scope) report.error('key.missing', value.start, 'This budget has no `scope`.', example);
	if (!period) report.error('key.missing', value.start, 'This budget has no `period`.', 'Add `period: day`.');
	const own = {...value, entries: value.entries.filter(entry => entry.key !== 'scope' && entry.key !== 'name')};
	const settings = readBudget(report, {key, keyStart, value: own}, 'workspace');
	const scoped = scope && readChoice(report, scope, scopes);
	const named = name && readText(report, name);
	if (name && (scoped === 'workspace' || scoped === 'global'))
		report.error('key.misplaced', name.keyStart, `A budget of scope \`${scoped}\` has no name.`, 'Remove it.');
	return settings && scoped && {scope: scoped, ...(named !== undefined && {name: named}), settings};
};
