type Schema = Readonly<Record<string, unknown>>;

/**
 * What the files of tools take as `inputs:` and `outputs:`, of a module: `{query: 'string'}`, or a JSON Schema of an
 * object. Arguments are optional unless they say `required: true`, outputs the other way round.
 */
export const schemaFromShorthand = (written: unknown, what: 'argument' | 'output'): Schema | undefined => {
	if (!isObject(written)) return undefined;
	if (written.type === 'object' && isObject(written.properties)) return written;
	const entries = Object.entries(written);
	const required = entries.filter(([, value]) => isRequired(value, what === 'output')).map(([name]) => name);
	return {
		type: 'object',
		properties: Object.fromEntries(entries.map(([name, value]) => [name, propertyOf(value)])),
		required,
		...(what === 'argument' && {additionalProperties: false}),
	};
};

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

const isRequired = (value: unknown, otherwise: boolean): boolean =>
	isObject(value) && typeof value.required === 'boolean' ? value.required : otherwise;

const propertyOf = (value: unknown): Schema => {
	if (typeof value === 'string') return typeOf(value);
	if (!isObject(value)) return {};
	const {required, items, type, ...rest} = value;
	return {
		...rest,
		...(Array.isArray(required) && {required}),
		...(typeof type === 'string' ? typeOf(type) : type !== undefined && {type}),
		...(items !== undefined && {items: typeof items === 'string' ? typeOf(items) : items}),
	};
};

const typeOf = (type: string): Schema => (type === 'any' ? {} : {type});
