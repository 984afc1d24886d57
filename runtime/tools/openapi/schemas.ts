import {limits} from '../../../source/limits.ts';
import type {ApiDocument, Place} from './document.ts';
import {isObject, type JsonObject} from './json.ts';
import {keptKeywords} from './schema-keywords.ts';

type Schema = Record<string, unknown>;

/**
 * Writes the schemas of one operation out as JSON Schema, as good in draft 07 as in 2020-12: references replaced by what
 * they lead to, the dialect of 3.0 translated, keywords of OpenAPI left out. Circular references, and what would become
 * too large, stay references into `$defs`; what is too large even so is left open (`{}` allows everything).
 */
export interface SchemaWriter {
	/** @returns A schema whose references are good only in one that `definitions` was added to. */
	write(place: Place): Schema;
	/** To be added as `$defs`; `undefined`: nothing refers to any. Ask after all has been written. */
	definitions(): Schema | undefined;
}

/**
 * @param hidden Properties with this mark are left out: a request has none that are `readOnly`, an answer none that are
 * `writeOnly`.
 */
export const createSchemaWriter = (document: ApiDocument, hidden: 'readOnly' | 'writeOnly'): SchemaWriter => {
	const names = new Map<string, string>();
	const taken = new Set<string>();
	const waiting: {readonly name: string; readonly place: Place; readonly key: string}[] = [];
	let partCount = 0;

	const write = (place: Place, within: readonly string[]): Schema | boolean => {
		const {value, base} = place;
		if (typeof value === 'boolean') return value;
		if (!isObject(value) || partCount > 2 * limits.openapiSchemaPartsMax) return {};
		partCount++;
		if (typeof value.$ref !== 'string') return plain(value, base, within);
		// Names of anchors are not looked up; they leave the schema open.
		if (/#[^/]/.test(value.$ref)) return {};
		return beside(referred(value.$ref, base, within), value, base, within);
	};

	const referred = (reference: string, base: string, within: readonly string[]): Schema | boolean => {
		const target = document.target(reference, base);
		const isInline =
			!within.includes(target.key) &&
			within.length < limits.openapiSchemaReferencesMax &&
			partCount <= limits.openapiSchemaPartsMax;
		if (isInline) return write(target, [...within, target.key]);
		const isOpen = partCount > 2 * limits.openapiSchemaPartsMax && !names.has(target.key);
		return isOpen ? {} : {$ref: `#/$defs/${nameOf(target.key, target)}`};
	};

	/** In 3.1 a reference may have keywords beside it, which hold as well. */
	const beside = (schema: Schema | boolean, value: JsonObject, base: string, within: readonly string[]) => {
		const {$ref, ...rest} = value;
		if (document.isVersion30 || Object.keys(rest).length === 0) return schema;
		const {description, title, deprecated, summary, ...strict} = rest;
		if (Object.keys(strict).length > 0) return {allOf: [schema, plain(rest, base, within)]};
		if (typeof schema === 'boolean' || '$ref' in schema) return schema;
		return {...schema, ...(typeof description === 'string' ? {description} : {})};
	};

	const plain = (value: JsonObject, base: string, within: readonly string[]): Schema =>
		keptKeywords(value, document.isVersion30, {
			isInput: hidden === 'readOnly',
			write: each => write({value: each, base}, within),
			isHidden: each => isHidden(each, base),
		});

	const isHidden = (value: unknown, base: string): boolean =>
		isObject(value) &&
		(value[hidden] === true ||
			(typeof value.$ref === 'string' &&
				!/#[^/]/.test(value.$ref) &&
				objectMarked(document.follow({value, base}).value)));
	const objectMarked = (value: unknown) => isObject(value) && value[hidden] === true;

	const nameOf = (key: string, place: Place): string => {
		const known = names.get(key);
		if (known !== undefined) return known;
		const wanted = (key.split('/').at(-1) ?? '').replaceAll(/[^\w-]/g, '') || 'schema';
		let name = wanted;
		for (let count = 2; taken.has(name); count++) name = `${wanted}-${count}`;
		taken.add(name);
		names.set(key, name);
		waiting.push({name, place, key});
		return name;
	};

	return {
		write: place => {
			const schema = write(place, []);
			return typeof schema === 'boolean' ? (schema ? {} : {not: {}}) : schema;
		},
		definitions() {
			const defs: Schema = {};
			// Writing one may ask for others.
			for (let next = waiting.shift(); next; next = waiting.shift()) defs[next.name] = write(next.place, [next.key]);
			return Object.keys(defs).length === 0 ? undefined : defs;
		},
	};
};
