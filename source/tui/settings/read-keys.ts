import {readMap, readTextList} from '../../workflow/settings/read-value.ts';
import {didYouMean} from '../../workflow/text/nearest.ts';
import type {Report} from '../../workflow/text/report.ts';
import {shortened, type YamlEntry} from '../../workflow/yaml/tree.ts';
import type {ActionName} from '../keys/actions.ts';
import {type Binding, bindings} from '../keys/bindings.ts';
import {keyNameProblem, typesText} from '../keys/key-names.ts';
import {keyClashesOf, remappedKeys, typingPlacesOf} from '../keys/remap.ts';

interface Change {
	readonly action: ActionName;
	readonly keys: readonly string[];
	/** Where it stands in the file. */
	readonly start: number;
}

/**
 * Reads `keys:`, a mapping of actions to their keys.
 *
 * @returns `undefined` where anything is wrong: the reasons are in the report.
 */
export const readKeyMap = (
	report: Report,
	entry: YamlEntry,
	table: readonly Binding[] = bindings,
): ReadonlyMap<ActionName, readonly string[]> | undefined => {
	const errorsBefore = report.errorCount();
	const map = readMap(report, entry);
	const changes = map?.entries.flatMap(each => readChange(report, each, table) ?? []) ?? [];
	const keys = new Map(changes.map(({action, keys: own}) => [action, own]));
	if (report.errorCount() === errorsBefore) reportClashes(report, changes, remappedKeys(table, keys));
	return report.errorCount() === errorsBefore ? keys : undefined;
};

const readChange = (report: Report, entry: YamlEntry, table: readonly Binding[]): Change | undefined => {
	const actions = table.map(({action}) => action);
	const action = actions.find(name => name === entry.key);
	if (action === undefined) {
		const otherwise = '`?` in the cockpit and docs/cockpit.md list them.';
		const message = `\`${shortened(entry.key)}\` is no action of the cockpit.`;
		report.error('action.unknown', entry.keyStart, message, didYouMean(entry.key, actions, otherwise));
		return undefined;
	}

	if (action === 'interrupt') {
		const message = 'ctrl-c always leaves the cockpit; `interrupt` takes no other key.';
		report.error('action.fixed', entry.keyStart, message, 'Remove it; `quit` may have any key.');
		return undefined;
	}

	const texts = readTextList(report, entry);
	if (!texts) return undefined;
	if (texts.length === 0) {
		report.error('value.invalid', entry.value.start, `\`${action}\` needs a key.`, 'Give it one, or remove the line.');
	}

	for (const {text, start} of texts) {
		const problem = keyNameProblem(text);
		if (problem) report.error(problem.code, start, problem.message, problem.suggestion);
		else if (typesText(text) && isWhileTyping(action, table)) {
			const message = `\`${action}\` acts where text is typed, and \`${text}\` would be typed.`;
			report.error('keyname.typed', start, message, 'Give it a key such as `enter` or `ctrl-s`.');
		}
	}

	return {action, keys: [...new Set(texts.map(({text}) => text))], start: entry.keyStart};
};

const isWhileTyping = (action: ActionName, table: readonly Binding[]): boolean => {
	const places = typingPlacesOf(table);
	return table.some(binding => binding.action === action && binding.where.some(place => places.includes(place)));
};

/** Of two actions that are both in the file, the later one is told. */
const reportClashes = (report: Report, changes: readonly Change[], table: readonly Binding[]): void => {
	for (const {key, place, actions} of keyClashesOf(table)) {
		const change = changes.findLast(({action}) => actions.includes(action));
		if (!change) continue;
		const other = actions.find(action => action !== change.action)!;
		const message = `\`${key}\` is \`${change.action}\` and \`${other}\` in one place (${place}).`;
		const suggestion = `Give \`${change.action}\` another key, or \`${other}\` one of its own.`;
		report.error('keyname.taken', change.start, message, suggestion);
	}
};
