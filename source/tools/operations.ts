import {schemaProblem} from '../workflow/json-schema.ts';
import {readBoolean, readMap, readTemplate, readTextList} from '../workflow/settings/read-value.ts';
import {canBeReferenced} from '../workflow/text/names.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import type {Report} from '../workflow/text/report.ts';
import {inputTypes} from '../workflow/values.ts';
import {entryOf, nounOf, plainValueOf, shortened, type YamlEntry, type YamlMap} from '../workflow/yaml/tree.ts';
import type {DeclaredOperation} from './definition.ts';
import {readToolKeys} from './read-keys.ts';

type Schema = Readonly<Record<string, unknown>>;
type ScriptOperation = DeclaredOperation & {readonly args?: readonly string[]};

/** What the operations of a tool may be called: it stands after the point in `tool: name.operation`. */
export const operationPattern = /^[A-Za-z_][A-Za-z0-9_./-]*$/;

const operationKeys = ['description', 'args', 'inputs', 'outputs', 'read-only'] as const;

export const readOperations = (report: Report, entry: YamlEntry): Record<string, ScriptOperation> => {
	const map = readMap(report, entry);
	if (!map) return {};
	if (map.entries.length === 0) {
		const suggestion = 'Add `operations: { search: { inputs: { query: string } } }`.';
		report.error('key.missing', entry.keyStart, 'This tool has no operations.', suggestion);
	}

	return Object.fromEntries(
		map.entries.flatMap(operation => {
			if (operationPattern.test(operation.key)) return [[operation.key, readOperation(report, operation)]];
			const message = `An operation cannot be called \`${shortened(operation.key)}\`.`;
			report.error('tool.name-invalid', operation.keyStart, message, 'Use letters, digits, `_`, `-` and `.`.');
			return [];
		}),
	);
};

const readOperation = (report: Report, entry: YamlEntry): ScriptOperation => {
	const map = readMap(report, entry);
	if (!map) return {};
	const entries = readToolKeys(report, map, operationKeys, `the operation \`${shortened(entry.key)}\``);
	const description = entries.get('description');
	const args = entries.get('args');
	const inputs = entries.get('inputs');
	const outputs = entries.get('outputs');
	const readOnly = entries.get('read-only');
	const inputsMap = inputs && readMap(report, inputs);
	const outputsMap = outputs && readMap(report, outputs);
	return {
		...(description && {description: readTemplate(report, description)}),
		...(args && {args: readTextList(report, args)?.map(({text}) => text)}),
		// Whoever says nothing of arguments takes none.
		inputSchema: inputsMap ? schemaOf(report, inputsMap, 'argument') : {...noArguments},
		...(outputsMap && {outputSchema: schemaOf(report, outputsMap, 'output')}),
		...(readOnly && {isReadOnly: readBoolean(report, readOnly)}),
	};
};

const noArguments: Schema = {type: 'object', properties: {}, additionalProperties: false};

/**
 * The shorthand of `inputs:` (`query: string`, `limit: { type: integer, default: 10 }`) or a JSON Schema of an object,
 * which is kept as written. Of the shorthand, arguments are optional unless they say `required: true`, outputs the other
 * way round, and arguments that are not named are refused.
 */
const schemaOf = (report: Report, map: YamlMap, what: 'argument' | 'output'): Schema => {
	const type = entryOf(map, 'type')?.value;
	const isWritten =
		type?.kind === 'scalar' && type.text === 'object' && entryOf(map, 'properties')?.value.kind === 'map';
	if (isWritten) return checked(report, map, plainValueOf(map) as Schema);
	const named = map.entries.filter(entry => checkName(report, entry, what));
	const required = named.filter(entry => isRequired(entry, what === 'output')).map(({key}) => key);
	const properties = Object.fromEntries(named.map(entry => [entry.key, propertyOf(report, entry, what)]));
	return {type: 'object', properties, required, ...(what === 'argument' && {additionalProperties: false})};
};

const checked = (report: Report, {start}: YamlMap, schema: Schema): Schema => {
	const problem = schemaProblem(schema);
	if (problem) report.error('tool.schema-invalid', start, problem, 'Mend the schema.');
	return schema;
};

const checkName = (report: Report, {key, keyStart}: YamlEntry, what: string): boolean => {
	if (canBeReferenced(key)) return true;
	const suggestion = 'Begin with a letter; go on with letters, digits, `_` and `-`.';
	report.error('tool.name-invalid', keyStart, `No step can name an ${what} \`${shortened(key)}\`.`, suggestion);
	return false;
};

const isRequired = ({value}: YamlEntry, otherwise: boolean): boolean => {
	const required = value.kind === 'map' ? entryOf(value, 'required')?.value : undefined;
	return required?.kind === 'scalar' && typeof required.value === 'boolean' ? required.value : otherwise;
};

const propertyOf = (report: Report, {key, value}: YamlEntry, what: string): Schema => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && value.value === null)) return {};
	if (value.kind === 'scalar') return typeOf(report, value.text, value.start);
	if (value.kind === 'list') {
		const message = `The ${what} \`${shortened(key)}\` must be a type or a mapping, not ${nounOf(value)}.`;
		report.error('value.invalid', value.start, message, `Write \`${key}: { enum: […] }\` for one of several values.`);
		return {};
	}

	const entries = value.entries.flatMap(({key: name, value: each}): [string, unknown][] => {
		if (name === 'required' && each.kind === 'scalar') return [];
		if (name === 'type' && each.kind === 'scalar') return Object.entries(typeOf(report, each.text, each.start));
		if (name === 'items' && each.kind === 'scalar') return [[name, typeOf(report, each.text, each.start)]];
		return [[name, plainValueOf(each)]];
	});
	return checked(report, value, Object.fromEntries(entries));
};

const types = [...inputTypes, 'null', 'any'];

const typeOf = (report: Report, text: string, start: number): Schema => {
	if (text === 'any') return {};
	if (types.includes(text)) return {type: text};
	report.error('tool.type-unknown', start, `\`${shortened(text)}\` is not a type.`, didYouMean(text, types, ''));
	return {};
};
