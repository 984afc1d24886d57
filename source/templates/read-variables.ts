import {readKeys} from '../workflow/settings/keys.ts';
import {numberOf, readBoolean, readChoice, readText, wrong} from '../workflow/settings/read-value.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import type {Report} from '../workflow/text/report.ts';
import {wholePatternOf} from '../workflow/values.ts';
import {plainValueOf, shortened, type YamlEntry, type YamlNode} from '../workflow/yaml/tree.ts';
import {type TemplateVariable, type VariableType, type VariableValue, variableTypes} from './definition.ts';
import {problemOf} from './values.ts';

const keys = ['type', 'required', 'default', 'pattern', 'enum', 'description', 'min', 'max'] as const;
type Entries = ReadonlyMap<(typeof keys)[number], YamlEntry>;

export const readVariables = (report: Report, entry: YamlEntry): TemplateVariable[] => {
	if (entry.value.kind === 'broken' || (entry.value.kind === 'scalar' && entry.value.value === null)) return [];
	if (entry.value.kind !== 'map') {
		wrong(report, entry.key, entry.value, 'a mapping', 'Write `variables: { base: { type: string } }`.');
		return [];
	}

	return entry.value.entries.flatMap(variable => readVariable(report, variable) ?? []);
};

const readVariable = (report: Report, {key: name, keyStart, value}: YamlEntry): TemplateVariable | undefined => {
	const fail = (at: number, message: string, suggestion: string) =>
		report.error('template.variable-invalid', at, message, suggestion);
	if (!/^[A-Za-z][A-Za-z0-9_-]{0,63}$/.test(name) || name === 'name') {
		const message =
			name === 'name'
				? 'The variable `name` is always there: it is what the workflow is called.'
				: `A variable cannot be called \`${shortened(name)}\`.`;
		fail(keyStart, message, 'Begin with a letter; go on with letters, digits, `_` and `-`.');
		return undefined;
	}

	if (value.kind === 'broken') return undefined;
	if (value.kind !== 'map') {
		fail(value.start, `The variable \`${name}\` must be a mapping.`, `Write \`${name}: { type: string }\`.`);
		return undefined;
	}

	const entries = readKeys(report, value, keys, [], `the variable \`${name}\``);
	const type = entries.get('type');
	const variable = {name, type: (type && readType(report, type)) ?? 'string', ...readRest(report, entries)};
	checkVariable(variable, entries, keyStart, fail);
	const preset = readDefault(report, variable, entries);
	return preset === undefined ? variable : {...variable, default: preset};
};

const readType = (report: Report, entry: YamlEntry): VariableType | undefined =>
	readChoice(report, entry, variableTypes, `It is one of ${variableTypes.join(', ')}.`);

const readRest = (report: Report, entries: Entries) => {
	const [required, description, pattern] = (['required', 'description', 'pattern'] as const).map(key =>
		entries.get(key),
	);
	const allowed = readEnum(report, entries.get('enum'));
	const min = readNumber(report, entries.get('min'));
	const max = readNumber(report, entries.get('max'));
	const fits = pattern && readPattern(report, pattern);
	return {
		required: (required && readBoolean(report, required)) ?? false,
		description: (description && readText(report, description)) ?? '',
		...(fits !== undefined && {pattern: fits}),
		...(allowed && {enum: allowed}),
		...(min !== undefined && {min}),
		...(max !== undefined && {max}),
	};
};

const readPattern = (report: Report, {value}: YamlEntry): string | undefined => {
	if (value.kind !== 'scalar') return undefined;
	try {
		wholePatternOf(value.text);
		return value.text;
	} catch (error) {
		const message = `\`pattern\` is not a regular expression: ${(error as Error).message}.`;
		report.error('template.variable-invalid', value.start, message, 'Mend it; quote it in YAML with single quotes.');
		return undefined;
	}
};

const readEnum = (report: Report, entry: YamlEntry | undefined): readonly (string | number)[] | undefined => {
	if (!entry || entry.value.kind === 'broken') return undefined;
	const plain = plainValueOf(entry.value);
	const isFine = (value: unknown) => typeof value === 'string' || typeof value === 'number';
	if (Array.isArray(plain) && plain.length > 0 && plain.every(isFine)) return plain;
	return wrong(report, entry.key, entry.value, 'a list of texts or numbers', 'Write `enum: [low, high]`.');
};

const readNumber = (report: Report, entry: YamlEntry | undefined): number | undefined => {
	if (!entry || entry.value.kind === 'broken') return undefined;
	const number = entry.value.kind === 'scalar' ? numberOf(entry.value) : undefined;
	return number ?? wrong(report, entry.key, entry.value, 'a number');
};

const checkVariable = (
	{name, type, enum: allowed, pattern, required}: TemplateVariable,
	entries: Entries,
	keyStart: number,
	fail: (at: number, message: string, suggestion: string) => void,
): void => {
	const at = (key: (typeof keys)[number]) => entries.get(key)?.value.start ?? keyStart;
	if (type === 'choice' && !allowed)
		fail(at('type'), `The choice \`${name}\` has no \`enum\`.`, 'Write `enum: [low, high]`.');
	if (pattern !== undefined && (type === 'number' || type === 'integer' || type === 'boolean'))
		fail(at('pattern'), `\`pattern\` is for text; the variable \`${name}\` is ${type}.`, 'Remove it.');
	const isNumber = type === 'number' || type === 'integer';
	if (allowed?.some(value => (typeof value === 'number') !== isNumber) && type !== 'choice')
		fail(at('enum'), `What is in \`enum\` of \`${name}\` is not of its type.`, didYouMean(type, variableTypes, ''));
	if (!required && !entries.has('default') && (isNumber || type === 'choice' || type === 'boolean'))
		fail(
			keyStart,
			`The variable \`${name}\` has no value when none is given.`,
			'Give it a `default`, or `required: true`.',
		);
};

const readDefault = (report: Report, variable: TemplateVariable, entries: Entries): VariableValue | undefined => {
	const node = entries.get('default')?.value;
	if (!node || node.kind === 'broken' || (node.kind === 'scalar' && node.value === null)) return undefined;
	const value = valueOfNode(variable.type, node);
	const problem = value === undefined ? undefined : problemOf(variable, value);
	if (value !== undefined && !problem) return value;
	const message = problem?.message ?? `The default of \`${variable.name}\` is not of its type, ${variable.type}.`;
	report.error('template.variable-invalid', node.start, message, 'Mend the `default`.');
	return undefined;
};

const valueOfNode = (type: VariableType, node: YamlNode): VariableValue | undefined => {
	const plain = plainValueOf(node);
	if (type === 'list') return Array.isArray(plain) ? plain.map(String) : undefined;
	if (node.kind !== 'scalar') return undefined;
	if (type === 'boolean') return typeof plain === 'boolean' ? plain : undefined;
	if (type === 'integer') return Number.isSafeInteger(plain) ? (plain as number) : undefined;
	if (type === 'number') return typeof plain === 'number' && Number.isFinite(plain) ? plain : undefined;
	if (type === 'choice') return typeof plain === 'number' ? plain : node.text;
	return node.text;
};
