import type {Template} from '../definition.ts';
import {type PlaceKind, type Sited, sitesOf} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry, YamlNode} from '../yaml/tree.ts';
import {readTemplate, wrong} from './read-value.ts';

/** A text that may hold expressions. */
export const readSitedTemplate = (report: Report, entry: YamlEntry, place: PlaceKind): Sited<Template> | undefined => {
	const value = readTemplate(report, entry);
	if (value === undefined || entry.value.kind !== 'scalar') return undefined;
	return {value, sites: sitesOf(report, value, place, entry.value.offsetOf)};
};

/** One text or a list of them, none empty; each may hold expressions. */
export const readTemplateList = (
	report: Report,
	{key, value}: YamlEntry,
	place: PlaceKind,
): Sited<readonly Template[]> | undefined => {
	if (value.kind === 'broken') return undefined;
	const expected = 'a text or a list of texts';
	if (value.kind === 'map') return wrong(report, key, value, expected, `Write \`${key}: [a, b]\`.`);
	const texts: Template[] = [];
	const sites: Sited<unknown>['sites'][] = [];
	for (const item of value.kind === 'list' ? value.items : [value]) {
		if (item.kind === 'broken') return undefined;
		if (item.kind !== 'scalar' || item.text.trim() === '')
			return wrong(report, key, item, expected, `Write \`${key}: [a, b]\`.`);
		texts.push(item.text);
		sites.push(sitesOf(report, item.text, place, item.offsetOf));
	}

	return {value: texts, sites: sites.flat()};
};

/** Any value; the texts within it may hold expressions. */
export const sitedValueOf = (report: Report, node: YamlNode, place: PlaceKind): Sited<unknown> => {
	if (node.kind === 'broken') return {value: null, sites: []};
	if (node.kind === 'list') {
		const items = node.items.map(item => sitedValueOf(report, item, place));
		return {value: items.map(({value}) => value), sites: items.flatMap(({sites}) => sites)};
	}

	if (node.kind === 'map') {
		const entries = node.entries.map(({key, value}) => [key, sitedValueOf(report, value, place)] as const);
		return {
			value: Object.fromEntries(entries.map(([key, {value}]) => [key, value])),
			sites: entries.flatMap(([, {sites}]) => sites),
		};
	}

	const sites = typeof node.value === 'string' ? sitesOf(report, node.text, place, node.offsetOf) : [];
	return {value: node.value, sites};
};
