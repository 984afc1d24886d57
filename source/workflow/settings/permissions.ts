import {type PermissionRules, permissionKeys} from '../permissions.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readTextList, wrong} from './read-value.ts';

/** Reads `permissions:`, patterns of what an agent may do without asking. */
export const readPermissions = (report: Report, {key, value}: YamlEntry): PermissionRules | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') {
		const suggestion = 'Write `permissions: { write: [src/**], run: [npm test] }`.';
		return wrong(report, key, value, 'a mapping', suggestion);
	}

	const entries = readKeys(report, value, permissionKeys, [], '`permissions`');
	const rules: {-readonly [K in keyof PermissionRules]: PermissionRules[K]} = {};
	for (const name of permissionKeys) {
		const entry = entries.get(name);
		const texts = entry && readTextList(report, entry);
		if (texts) rules[name] = texts.map(({text}) => text.trim());
		for (const {text, start} of texts ?? []) {
			if (name !== 'write' || !text.replace('!', '').trim().startsWith('..')) continue;
			const message = `\`${text}\` leads out of the workspace; no file there is ever matched.`;
			report.warning('permissions.outside', start, message, 'Write a path from the workspace, or an absolute one.');
		}
	}

	return rules;
};
