import type {OutputsSchema} from '../definition.ts';
import {schemaProblem} from '../json-schema.ts';
import {canBeReferenced} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {entryOf, plainValueOf, shortened, type YamlEntry, type YamlMap, type YamlNode} from '../yaml/tree.ts';

type Schema = Readonly<Record<string, unknown>>;

const schemaTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null', 'any'];

/**
 * Reads `outputs:` of a step: the shorthand (`risk: { enum: [low, high] }`, `note: string`) or a JSON Schema of an
 * object, which is kept as written. In the shorthand every output is required unless it says `required: false`.
 */
export const readOutputsSchema = (report: Report, map: YamlMap): OutputsSchema => {
	const type = entryOf(map, 'type')?.value;
	const properties = entryOf(map, 'properties')?.value;
	const isWritten = type?.kind === 'scalar' && type.text === 'object' && properties?.kind === 'map';
	if (!isWritten) return objectSchemaOf(report, map);
	const written = plainValueOf(map) as Schema;
	const schema = {required: [], ...written} as unknown as OutputsSchema;
	const problem = schemaProblem(schema);
	if (problem) report.error('outputs.schema-invalid', map.start, problem, 'Mend the schema.');
	for (const entry of properties.entries) checkName(report, entry);
	return schema;
};

const objectSchemaOf = (report: Report, map: YamlMap): OutputsSchema => {
	const properties: [string, Schema][] = [];
	const required: string[] = [];
	for (const entry of map.entries) {
		if (!checkName(report, entry)) continue;
		properties.push([entry.key, propertySchemaOf(report, entry.value)]);
		if (!isOptional(entry.value)) required.push(entry.key);
	}

	return {type: 'object', properties: Object.fromEntries(properties), required};
};

const checkName = (report: Report, {key, keyStart}: YamlEntry): boolean => {
	if (canBeReferenced(key)) return true;
	const message = `No expression can name an output \`${shortened(key)}\`.`;
	report.error(
		'outputs.name-invalid',
		keyStart,
		message,
		'Begin with a letter; go on with letters, digits, `_` and `-`.',
	);
	return false;
};

const isOptional = (node: YamlNode): boolean => {
	const required = node.kind === 'map' ? entryOf(node, 'required')?.value : undefined;
	return required?.kind === 'scalar' && required.value === false;
};

const propertySchemaOf = (report: Report, node: YamlNode): Schema => {
	if (node.kind === 'broken' || (node.kind === 'scalar' && node.value === null)) return {};
	if (node.kind === 'scalar') return typeSchemaOf(report, node.text, node.start);
	if (node.kind === 'map') return mapSchemaOf(report, node);
	const values = node.items.map(item => shortened(String(plainValueOf(item)), 20)).join(', ');
	const message = 'An output is described by a type or a mapping, not by a list.';
	report.error(
		'outputs.schema-invalid',
		node.start,
		message,
		`Write \`{ enum: [${values}] }\` for one of these values.`,
	);
	return {};
};

const mapSchemaOf = (report: Report, map: YamlMap): Schema => {
	const schema: [string, unknown][] = [];
	for (const {key, value} of map.entries) {
		if (key === 'required' && value.kind === 'scalar') continue;
		if (key === 'type' && value.kind === 'scalar')
			schema.push(...Object.entries(typeSchemaOf(report, value.text, value.start)));
		else if (key === 'items' && (value.kind === 'scalar' || value.kind === 'map'))
			schema.push([key, propertySchemaOf(report, value)]);
		else if (key === 'properties' && value.kind === 'map') schema.push(...nestedSchemaOf(report, map, value));
		else schema.push([key, plainValueOf(value)]);
	}

	const result = Object.fromEntries(schema);
	const problem = schemaProblem(result);
	if (problem) reportSchema(report, map, problem);
	return result;
};

const nestedSchemaOf = (report: Report, map: YamlMap, properties: YamlMap): [string, unknown][] => {
	const nested = objectSchemaOf(report, properties);
	const isSaid = entryOf(map, 'required')?.value.kind === 'list';
	return [['properties', nested.properties], ...(isSaid ? [] : [['required', nested.required] as [string, unknown]])];
};

const typeSchemaOf = (report: Report, text: string, start: number): Schema => {
	if (text === 'any') return {};
	if (schemaTypes.includes(text)) return {type: text};
	const message = `\`${shortened(text)}\` is not a type of an output.`;
	report.error('outputs.type-unknown', start, message, didYouMean(text, schemaTypes, ''));
	return {};
};

/** An unknown keyword is shown where it stands, anything else at the start of the schema. */
const reportSchema = (report: Report, map: YamlMap, problem: string): void => {
	const entry = map.entries.find(({key}) => problem.includes(`"${key}"`));
	const suggestion = entry ? didYouMean(entry.key, schemaKeywords, 'Mend the schema.') : 'Mend the schema.';
	report.error('outputs.schema-invalid', entry?.keyStart ?? map.start, problem, suggestion);
};

const schemaKeywords = [
	'type',
	'enum',
	'const',
	'items',
	'properties',
	'required',
	'description',
	'default',
	'examples',
	'format',
	'pattern',
	'minLength',
	'maxLength',
	'minimum',
	'maximum',
	'minItems',
	'maxItems',
	'uniqueItems',
	'additionalProperties',
];
