import type {UsesStep} from '../definition.ts';
import type {ExpressionSite, Sited} from '../expression/site.ts';
import {canBeReferenced} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readMap, readText} from './read-value.ts';
import {readSitedTemplate, sitedValueOf} from './templates.ts';

/** Reads `uses:`, the path or the name of another workflow on this machine. */
export const readUsed = (report: Report, entry: YamlEntry): string | undefined => {
	const text = readText(report, entry)?.trim();
	if (text === undefined || /^[./]/.test(text) || !/:\/\/|@/.test(text)) return text;
	const message = `\`${shortened(text)}\` is neither a path nor a name: a workflow is used from this machine only.`;
	const suggestion = 'Write a path such as `./other.md`, or the name of a workflow of the workspace.';
	report.error('uses.invalid', entry.value.start, message, suggestion);
	return undefined;
};

/** Reads `with:`: a text is a template, in a list or a mapping every text is. */
export const readWith = (
	report: Report,
	entry: YamlEntry,
	place: 'with' | 'trigger-with' = 'with',
): Sited<UsesStep['with']> | undefined => {
	const map = readMap(report, entry);
	if (!map) return undefined;
	const values: [string, UsesStep['with'][string]][] = [];
	const sites: ExpressionSite[] = [];
	for (const input of map.entries) {
		const {key, keyStart, value} = input;
		if (!canBeReferenced(key)) {
			const message = `No workflow can have an input \`${shortened(key)}\`.`;
			const suggestion = 'Begin with a letter; go on with letters, digits, `_` and `-`.';
			report.error('input.name-invalid', keyStart, message, suggestion);
			continue;
		}

		if (value.kind === 'broken') continue;
		const sited =
			value.kind === 'scalar' ? readSitedTemplate(report, input, place) : sitedValueOf(report, value, place);
		if (!sited) continue;
		values.push([key, sited.value as UsesStep['with'][string]]);
		sites.push(...sited.sites);
	}

	return {value: Object.fromEntries(values), sites};
};
