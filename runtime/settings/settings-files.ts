import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {hasErrors} from '../../source/workflow/diagnostics.ts';
import {type NotificationSettings, notificationSecretNames} from '../../source/workflow/settings/notifications.ts';
import {noSettings, parseWorkspaceSettings, type WorkspaceSettings} from '../../source/workflow/workspace-settings.ts';
import type {BudgetBook, WorkspaceRules} from '../engine/parts.ts';

export interface SettingsParts {
	/** The user's own: `$XDG_CONFIG_HOME/aiworkflow/aiworkflow.yaml`. */
	readonly userFile: string;
	/** Whether a person agreed to what the workspace's files make us do. */
	readonly isTrusted: (workspace: string) => Promise<boolean>;
}

/** Settings that hold for more than one workflow: the workspace's and the user's. */
export interface SettingsFiles extends WorkspaceRules, Pick<BudgetBook, 'limitsOf'> {
	/** @throws AiworkflowError `settings.invalid` with every problem of the files. */
	check(workspace: string): void;
	/**
	 * Who is told of what happens in its runs; by a workspace's own wish only where it is trusted.
	 *
	 * @param isAgreed A person agrees at this moment. Default: false.
	 * @throws AiworkflowError `settings.invalid`.
	 */
	notificationsOf(workspace: string, isAgreed?: boolean): Promise<readonly NotificationSettings[]>;
	/**
	 * Names of secrets that are needed to tell them. Settings that cannot be read keep nobody from running anything: that
	 * they are wrong is told where they are used.
	 */
	notificationSecrets(workspace: string, isAgreed?: boolean): Promise<readonly string[]>;
}

export const settingsFileOf = (workspace: string) => path.join(workspace, '.aiworkflow', 'aiworkflow.yaml');

export const createSettingsFiles = ({userFile, isTrusted}: SettingsParts): SettingsFiles => {
	const files = new Map<string, () => WorkspaceSettings>();
	const read = (file: string): WorkspaceSettings => {
		const known = files.get(file) ?? createReader(file, file === userFile ? 'user' : 'workspace');
		files.set(file, known);
		return known();
	};

	const notificationsOf: SettingsFiles['notificationsOf'] = async (workspace, isAgreed = false) => {
		const own = read(userFile).webhooks ?? [];
		const theirs = read(settingsFileOf(workspace)).webhooks ?? [];
		return theirs.length > 0 && (isAgreed || (await isTrusted(workspace))) ? [...own, ...theirs] : own;
	};

	return {
		check(workspace) {
			read(userFile);
			read(settingsFileOf(workspace));
		},
		async permissionsOf(workspace) {
			const own = read(userFile).permissions;
			// Nobody agreed to what a cloned repository allows; what it refuses needs nobody's agreement.
			const theirs = (await isTrusted(workspace)) ? read(settingsFileOf(workspace)).permissions : undefined;
			return [own, theirs].flatMap(rules => rules ?? []);
		},
		notificationsOf,
		notificationSecrets: async (workspace, isAgreed) =>
			notificationSecretNames(await notificationsOf(workspace, isAgreed).catch(() => [])),
		// A limit only ever takes something away, so it needs no trust.
		limitsOf: workspace => [...read(settingsFileOf(workspace)).budgets, ...read(userFile).budgets],
	};
};

/** Reads a file again when it has changed. */
const createReader = (file: string, owner: 'user' | 'workspace'): (() => WorkspaceSettings) => {
	let version = '';
	let settings = noSettings;
	return () => {
		const found = statSync(file, {throwIfNoEntry: false, bigint: true});
		const now = found ? `${found.mtimeNs} ${found.size} ${found.ino}` : '';
		if (now === version) return settings;
		const parsed = found
			? parseWorkspaceSettings(readFileSync(file, 'utf8'), file, owner)
			: {settings: noSettings, diagnostics: []};
		if (hasErrors(parsed.diagnostics)) {
			const first = parsed.diagnostics.find(({severity}) => severity === 'error')!;
			throw new AiworkflowError({
				code: 'settings.invalid',
				message: `${file}:${first.line}:${first.column}: ${first.message}`,
				suggestion: first.suggestion ?? 'Mend the file.',
				diagnostics: parsed.diagnostics,
			});
		}

		version = now;
		settings = parsed.settings;
		return settings;
	};
};
