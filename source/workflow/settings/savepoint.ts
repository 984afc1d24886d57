import {canBeReferenced} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {type PlacedText, readText} from './read-value.ts';

/** Reads `savepoint:`, a name of the form of an id. */
export const readSavepoint = (report: Report, entry: YamlEntry): PlacedText | undefined => {
	const text = readText(report, entry);
	if (text === undefined) return undefined;
	const {start} = entry.value;
	if (canBeReferenced(text)) return {text, start};
	const message = `\`${shortened(text)}\` cannot be the name of a savepoint.`;
	const suggestion = 'Begin with a letter; go on with letters, digits, `_` and `-`.';
	report.error('savepoint.name-invalid', start, message, suggestion);
	return undefined;
};
