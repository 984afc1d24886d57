import {isObject, type JsonObject} from './json.ts';

type Schema = Record<string, unknown>;

interface Below {
	/** Writes a schema inside this one. */
	write(value: unknown): Schema | boolean;
	/** Defaults are told in the description: what a call leaves out, it leaves to the server. */
	readonly isInput: boolean;
	/** A property that is left out. */
	isHidden(value: unknown): boolean;
}

/** @returns The keywords of one schema that say something sensible, as both draft 07 and 2020-12 understand them. */
export const keptKeywords = (value: JsonObject, isVersion30: boolean, below: Below): Schema => {
	const kept: Schema = {};
	for (const [key, said] of Object.entries(value)) {
		const read = Object.hasOwn(keywords, key) ? keywords[key]!(said, below) : undefined;
		if (read !== undefined) kept[key] = read;
	}

	withoutHidden(kept, value, below);
	if (below.isInput) toldDefault(kept);
	tuple(kept, value, below);
	if (isVersion30) exclusiveBounds(kept, value);
	if (value.nullable === true && isVersion30) return nullable(kept);
	return kept;
};

type Reader = (said: unknown, below: Below) => unknown;

const text: Reader = said => (typeof said === 'string' ? said : undefined);
const flag: Reader = said => (typeof said === 'boolean' ? said : undefined);
const amount: Reader = said => (typeof said === 'number' && Number.isFinite(said) ? said : undefined);
const count: Reader = said => (Number.isInteger(said) && (said as number) >= 0 ? said : undefined);
const anything: Reader = said => said;
const schema: Reader = (said, {write}) => (isObject(said) || typeof said === 'boolean' ? write(said) : undefined);
const schemas: Reader = (said, {write}) =>
	Array.isArray(said) && said.length > 0 ? said.map(each => write(each)) : undefined;
const named: Reader = (said, {write}) =>
	isObject(said) ? Object.fromEntries(Object.entries(said).map(([name, each]) => [name, write(each)])) : undefined;

const types = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object', 'null']);

const keywords: Readonly<Record<string, Reader>> = {
	title: text,
	description: text,
	format: text,
	default: anything,
	deprecated: flag,
	type: said => {
		const known = (Array.isArray(said) ? said : [said]).filter(each => types.has(each as string));
		return known.length === 0 ? undefined : known.length === 1 ? known[0] : [...new Set(known)];
	},
	enum: said => (Array.isArray(said) && said.length > 0 ? unique(said) : undefined),
	const: anything,
	multipleOf: said => (typeof said === 'number' && said > 0 ? said : undefined),
	maximum: amount,
	minimum: amount,
	exclusiveMaximum: amount,
	exclusiveMinimum: amount,
	maxLength: count,
	minLength: count,
	maxItems: count,
	minItems: count,
	maxProperties: count,
	minProperties: count,
	pattern: said => (typeof said === 'string' && isPattern(said) ? said : undefined),
	uniqueItems: flag,
	items: schema,
	contains: schema,
	properties: named,
	patternProperties: (said, {write}) =>
		isObject(said)
			? Object.fromEntries(
					Object.entries(said)
						.filter(([pattern]) => isPattern(pattern))
						.map(([pattern, each]) => [pattern, write(each)]),
				)
			: undefined,
	additionalProperties: schema,
	propertyNames: schema,
	required: said => (Array.isArray(said) ? [...new Set(said.filter(each => typeof each === 'string'))] : undefined),
	allOf: schemas,
	anyOf: schemas,
	oneOf: schemas,
	not: schema,
	if: schema,
	// biome-ignore lint/suspicious/noThenProperty: it is a keyword of JSON Schema.
	then: schema,
	else: schema,
	contentEncoding: text,
	contentMediaType: text,
};

const unique = (values: readonly unknown[]) => [...new Map(values.map(each => [JSON.stringify(each), each])).values()];

/** As validators compile them. */
const isPattern = (pattern: string): boolean => {
	try {
		new RegExp(pattern, 'u');
		return true;
	} catch {
		return false;
	}
};

const withoutHidden = (kept: Schema, {properties}: JsonObject, {isHidden}: Below): void => {
	if (!isObject(properties)) return;
	const hidden = Object.keys(properties).filter(name => isHidden(properties[name]));
	if (hidden.length === 0) return;
	const without = Object.entries(kept.properties as Schema).filter(([name]) => !hidden.includes(name));
	kept.properties = Object.fromEntries(without);
	if (Array.isArray(kept.required)) kept.required = kept.required.filter(name => !hidden.includes(name as string));
};

const toldDefault = (kept: Schema): void => {
	if (kept.default === undefined) return;
	const told = `Default: ${JSON.stringify(kept.default).slice(0, defaultCharactersMax)}.`;
	kept.description = typeof kept.description === 'string' ? `${kept.description} ${told}` : told;
	delete kept.default;
};

const defaultCharactersMax = 100;

/**
 * 3.1 says `prefixItems`, with `items` for those after them; draft 07 says it with a list of `items`, which later drafts
 * refuse. Each item as one of all of them is what every validator understands.
 */
const tuple = (kept: Schema, {prefixItems, items}: JsonObject, below: Below): void => {
	const first = schemas(prefixItems, below) as readonly Schema[] | undefined;
	if (first === undefined) return;
	if (items === false) kept.maxItems ??= first.length;
	if (isObject(kept.items)) kept.items = {anyOf: [...first, kept.items]};
	else if (items === false) kept.items = {anyOf: first};
	else delete kept.items;
};

/** 3.0 says `exclusiveMinimum: true` beside `minimum`. */
const exclusiveBounds = (kept: Schema, value: JsonObject): void => {
	for (const [bound, exclusive] of [
		['minimum', 'exclusiveMinimum'],
		['maximum', 'exclusiveMaximum'],
	] as const) {
		if (value[exclusive] !== true || kept[bound] === undefined) continue;
		kept[exclusive] = kept[bound];
		delete kept[bound];
	}
};

const nullable = (kept: Schema): Schema => {
	const {enum: allowed, type} = kept;
	if (typeof type !== 'string') return Object.keys(kept).length === 0 ? kept : {anyOf: [kept, {type: 'null'}]};
	const withNull = Array.isArray(allowed) && !allowed.includes(null) ? {enum: [...allowed, null]} : {};
	return {...kept, type: [type, 'null'], ...withNull};
};
