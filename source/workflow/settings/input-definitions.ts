import type {InputDefinition, InputType} from '../definition.ts';
import {canBeReferenced, inputVariableOf} from '../text/names.ts';
import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {hasType, inputTypes, isOneOf, printed, typeNounOf, wholePatternOf} from '../values.ts';
import {plainValueOf, shortened, type YamlEntry, type YamlMap} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {readBoolean, readTemplate} from './read-value.ts';

const inputKeys = ['type', 'required', 'default', 'description', 'enum', 'pattern'] as const;
type InputEntries = ReadonlyMap<(typeof inputKeys)[number], YamlEntry>;

/** Inputs with a mistake are still there, so that reading them is not reported as well. */
export const readInputDefinitions = (report: Report, map: YamlMap): Record<string, InputDefinition> => {
	const inputs: [string, InputDefinition][] = [];
	const namesByVariable = new Map<string, string>();
	for (const entry of map.entries) {
		const {key: name, keyStart} = entry;
		if (!canBeReferenced(name)) {
			const message = `No expression can name an input \`${shortened(name)}\`.`;
			report.error(
				'input.name-invalid',
				keyStart,
				message,
				'Begin with a letter; go on with letters, digits, `_` and `-`.',
			);
			continue;
		}

		const variable = inputVariableOf(name);
		const other = namesByVariable.get(variable);
		if (other !== undefined) {
			const message = `The inputs \`${other}\` and \`${name}\` would both be \`${variable}\` in scripts.`;
			report.error('input.name-collision', keyStart, message, 'Rename one of them.');
		}

		namesByVariable.set(variable, name);
		inputs.push([name, readInput(report, entry)]);
	}

	return Object.fromEntries(inputs);
};

const readInput = (report: Report, {key: name, value}: YamlEntry): InputDefinition => {
	if (value.kind === 'broken' || (value.kind === 'scalar' && value.value === null))
		return {type: 'string', required: false};
	if (value.kind !== 'map') {
		const type = value.kind === 'scalar' ? inputTypes.find(candidate => candidate === value.text) : undefined;
		const message = `The input \`${name}\` must be a mapping.`;
		report.error('value.invalid', value.start, message, `Write \`${name}: { type: ${type ?? 'string'} }\`.`);
		return {type: type ?? 'string', required: false};
	}

	const entries = readKeys(report, value, inputKeys, [], `the input \`${name}\``);
	const required = entries.get('required');
	const description = entries.get('description');
	const type = readType(report, name, entries);
	const pattern = type && readPattern(report, name, type, entries);
	const allowed = type && readEnum(report, name, type, entries);
	const preset = type && readDefault(report, name, {type, pattern, enum: allowed}, entries);
	return {
		type: type ?? 'string',
		required: (required && readBoolean(report, required)) ?? false,
		...(preset === undefined ? undefined : {default: preset}),
		...(description ? {description: readTemplate(report, description)} : undefined),
		...(allowed ? {enum: allowed} : undefined),
		...(pattern === undefined ? undefined : {pattern}),
	};
};

const readType = (report: Report, name: string, entries: InputEntries): InputType | undefined => {
	const value = entries.get('type')?.value;
	if (!value) return 'string';
	if (value.kind === 'broken') return undefined;
	const text = value.kind === 'scalar' ? value.text : '';
	const type = inputTypes.find(candidate => candidate === text);
	if (type) return type;
	const meant = otherTypes.get(text.toLowerCase());
	const suggestion = meant ? `Did you mean \`${meant}\`?` : didYouMean(text, inputTypes, '');
	const message = `\`${shortened(text)}\` is not a type; the input \`${name}\` needs one of ${inputTypes.join(', ')}.`;
	report.error('input.type-unknown', value.start, message, suggestion);
	return undefined;
};

const otherTypes: ReadonlyMap<string, InputType> = new Map([
	['int', 'integer'],
	['long', 'integer'],
	['float', 'number'],
	['double', 'number'],
	['bool', 'boolean'],
	['str', 'string'],
	['text', 'string'],
	['choice', 'string'],
	['list', 'array'],
	['map', 'object'],
	['dict', 'object'],
	['json', 'object'],
]);

const readPattern = (report: Report, name: string, type: InputType, entries: InputEntries): string | undefined => {
	const value = entries.get('pattern')?.value;
	if (!value || value.kind === 'broken') return undefined;
	if (value.kind !== 'scalar' || type !== 'string') {
		const message = `\`pattern\` is for text; the input \`${name}\` is ${typeNounOf(type)}.`;
		report.error('input.pattern-invalid', value.start, message, 'Remove it.');
		return undefined;
	}

	try {
		wholePatternOf(value.text);
		return value.text;
	} catch (error) {
		const message = `\`pattern\` is not a regular expression: ${(error as Error).message}.`;
		report.error('input.pattern-invalid', value.start, message, 'Mend it; quote it in YAML with single quotes.');
		return undefined;
	}
};

const readEnum = (
	report: Report,
	name: string,
	type: InputType,
	entries: InputEntries,
): readonly unknown[] | undefined => {
	const value = entries.get('enum')?.value;
	if (!value || value.kind === 'broken') return undefined;
	if (value.kind !== 'list' || value.items.length === 0) {
		report.error('value.invalid', value.start, '`enum` must be a list of values.', 'Write `enum: [low, high]`.');
		return undefined;
	}

	const allowed: unknown[] = [];
	for (const item of value.items) {
		const plain = plainValueOf(item);
		allowed.push(plain);
		if (item.kind === 'broken' || hasType(plain, type)) continue;
		const message = `${printed(plain)} in \`enum\` is not ${typeNounOf(type)}, the type of the input \`${name}\`.`;
		report.error('input.enum-invalid', item.start, message, mendOf(plain));
	}

	return allowed;
};

const readDefault = (
	report: Report,
	name: string,
	{type, pattern, enum: allowed}: Pick<InputDefinition, 'type' | 'pattern' | 'enum'>,
	entries: InputEntries,
): unknown => {
	const value = entries.get('default')?.value;
	if (!value || value.kind === 'broken' || (value.kind === 'scalar' && value.value === null)) return undefined;
	const plain = plainValueOf(value);
	const fail = (message: string, suggestion: string) =>
		report.error('input.default-invalid', value.start, message, suggestion);
	if (!hasType(plain, type)) {
		fail(`The default ${printed(plain)} of the input \`${name}\` is not ${typeNounOf(type)}.`, mendOf(plain));
	} else if (allowed && !isOneOf(plain, allowed)) {
		const known = allowed.map(item => printed(item)).join(', ');
		fail(`The default ${printed(plain)} of the input \`${name}\` is not in its \`enum\`.`, `Use one of ${known}.`);
	} else if (pattern !== undefined && !wholePatternOf(pattern).test(String(plain))) {
		fail(`The default ${printed(plain)} of the input \`${name}\` does not fit its \`pattern\`.`, 'Mend one of them.');
	}

	return plain;
};

const mendOf = (value: unknown): string => {
	const type = inputTypes.findLast(candidate => hasType(value, candidate));
	return type ? `Write \`type: ${type}\`, or mend the value.` : 'Mend the value, or the `type`.';
};
