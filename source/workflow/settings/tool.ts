import type {GivenValue, ToolCallSettings} from '../definition.ts';
import type {ExpressionSite, PlaceKind, Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry, type YamlMap} from '../yaml/tree.ts';
import {readMap, readText} from './read-value.ts';
import {sitedValueOf} from './templates.ts';

export type ToolName = Pick<ToolCallSettings, 'tool' | 'operation'>;

/** Reads `tool:`, `name.operation`, or the name of a tool that has one operation. */
export const readTool = (report: Report, entry: YamlEntry): ToolName | undefined => {
	const text = readText(report, entry)?.trim();
	if (text === undefined) return undefined;
	const [, tool, operation] = /^([a-z][a-z0-9-]*)(?:\.(\S+))?$/.exec(text) ?? [];
	if (tool !== undefined) return operation === undefined ? {tool} : {tool, operation};
	const message = `\`${shortened(text)}\` is not the name of a tool and its operation.`;
	report.error('tool.name-invalid', entry.value.start, message, suggestionFor(text));
	return undefined;
};

const suggestionFor = (text: string): string => {
	const [tool = '', ...operation] = text.split(/[./:\s]+/);
	const name = tool.toLowerCase().replaceAll(/[^a-z0-9-]/g, '-');
	const isNear = /^[a-z][a-z0-9-]*$/.test(name);
	return isNear && operation.length > 0
		? `Write \`tool: ${name}.${operation.join('.')}\`; tools are named by lower case letters, digits and \`-\`.`
		: 'Write `tool: github.create-issue`; tools are named by lower case letters, digits and `-`.';
};

type Arguments = Readonly<Record<string, GivenValue>>;

/** Reads the `with:` of a call: any values, in which every text may hold expressions. */
export const readArguments = (
	report: Report,
	entry: YamlEntry,
	place: 'arguments' | 'undo-arguments' = 'arguments',
): Sited<Arguments> | undefined => {
	const map = readMap(report, entry);
	return map && sitedMapOf(report, map, place);
};

/** Values by name, in which every text may hold expressions. */
export const sitedMapOf = (report: Report, map: YamlMap, place: PlaceKind): Sited<Arguments> => {
	const values: [string, GivenValue][] = [];
	const sites: ExpressionSite[] = [];
	for (const {key, value} of map.entries) {
		const sited = sitedValueOf(report, value, place);
		values.push([key, sited.value as GivenValue]);
		sites.push(...sited.sites);
	}

	return {value: Object.fromEntries(values), sites};
};
