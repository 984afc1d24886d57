import {option} from 'pastel';
import {z} from 'zod';
import {commonOptions, type OptionDefinition, type OptionTable} from '../options.ts';

/** An option table as the zod object that Pastel wants, with the options every command has. */
export const schemaOf = (table: OptionTable) => {
	const all = {...table, ...commonOptions};
	const schema = z.object(
		Object.fromEntries(Object.entries(all).map(([name, definition]) => [name, schemaOfOption(definition)])),
	);
	tables.set(schema, all);
	return schema;
};

const tables = new WeakMap<object, OptionTable>();

/** @returns The table that a schema of {@link schemaOf} was made from; `undefined` for another. */
export const tableOfSchema = (schema: object): OptionTable | undefined => tables.get(schema);

const schemaOfOption = (definition: OptionDefinition) => {
	const {kind, about: description} = definition;
	if (kind === 'flag') return z.boolean().default(definition.isOn).describe(option({description}));
	const described = option({description, valueDescription: definition.value});
	if (kind === 'texts') return z.array(z.string()).default([]).describe(described);
	// Pastel would let a text that is only `.optional()` be given without its value.
	return z.string().optional().readonly().describe(described);
};
