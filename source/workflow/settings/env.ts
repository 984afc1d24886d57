import type {Template} from '../definition.ts';
import {type ExpressionSite, type PlaceKind, sitesOf} from '../expression/site.ts';
import {isVariableName} from '../text/names.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readMap, readTemplate} from './read-value.ts';

export interface Environment {
	readonly templates: Readonly<Record<string, Template>>;
	readonly sites: readonly ExpressionSite[];
}

export const noEnvironment: Environment = {templates: {}, sites: []};

/** Reads an `env:` mapping. */
export const readEnvironment = (report: Report, entry: YamlEntry | undefined, place: PlaceKind): Environment => {
	const map = entry && readMap(report, entry);
	if (!map) return noEnvironment;
	const templates: [string, Template][] = [];
	const sites: ExpressionSite[] = [];
	for (const variable of map.entries) {
		if (!isAllowedName(report, variable)) continue;
		const template = readTemplate(report, variable);
		templates.push([variable.key, template ?? '']);
		if (template === undefined || variable.value.kind !== 'scalar') continue;
		sites.push(...sitesOf(report, template, place, variable.value.offsetOf));
	}

	return {templates: Object.fromEntries(templates), sites};
};

const isAllowedName = (report: Report, {key, keyStart}: YamlEntry): boolean => {
	if (!isVariableName(key)) {
		const message = `\`${shortened(key)}\` cannot be the name of an environment variable.`;
		report.error('env.name-invalid', keyStart, message, 'Use letters, digits and `_`, and no digit first.');
		return false;
	}

	if (key !== 'OUTPUT' && !key.startsWith('AIWORKFLOW_')) return true;
	report.error('env.name-reserved', keyStart, `\`${key}\` is set by aiworkflow itself.`, 'Choose another name.');
	return false;
};
