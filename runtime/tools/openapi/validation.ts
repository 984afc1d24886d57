import {objectOf} from './json.ts';

interface SchemaError {
	readonly instancePath: string;
	readonly keyword: string;
	readonly message?: string;
	readonly params: Readonly<Record<string, unknown>>;
}

/**
 * @param lineOf Of a JSON pointer.
 * @returns What the validator found, each problem with its place: `#/paths/~1pets (line 7) must have …`.
 */
export const invalidPlaces = (error: unknown, lineOf: (pointer: string) => string): string => {
	const {details} = objectOf(error instanceof Error ? {details: (error as Error & {details?: unknown}).details} : {});
	if (!Array.isArray(details)) return sentence(error instanceof Error ? error.message : String(error));
	const errors = (details as readonly SchemaError[]).filter(isTelling);
	const pointers = [...new Set(errors.map(({instancePath}) => instancePath))];
	// Of alternatives the one that came furthest was meant: what is said of the places above it follows from it.
	const deepest = pointers.filter(pointer => !pointers.some(other => other.startsWith(`${pointer}/`)));
	const said = deepest
		.slice(0, placesMax)
		.map(pointer => `#${pointer || '/'}${lineOf(pointer)} ${problemsAt(pointer, errors)}`);
	const more = deepest.length > placesMax ? `; and ${deepest.length - placesMax} more places` : '';
	return `${said.join('; ') || 'it does not fit the OpenAPI schema'}${more}.`;
};

const placesMax = 3;

/** Those of alternatives say only that one of several others is true. */
const isTelling = ({keyword, params}: SchemaError) =>
	!['oneOf', 'anyOf', 'not', 'if'].includes(keyword) && params.missingProperty !== '$ref';

const problemsAt = (pointer: string, errors: readonly SchemaError[]): string => {
	const here = errors.filter(({instancePath}) => instancePath === pointer);
	const allowed = here.flatMap(({params}) => (Array.isArray(params.allowedValues) ? params.allowedValues : []));
	const others = here.filter(({keyword}) => keyword !== 'enum').map(problemOf);
	const choice = allowed.length > 0 ? [`must be ${[...new Set(allowed)].join(' or ')}`] : [];
	return [...new Set([...choice, ...others])].slice(0, placesMax).join(', or ');
};

const problemOf = ({message, params}: SchemaError): string => {
	const extra = params.additionalProperty ?? params.unevaluatedProperty;
	return typeof extra === 'string' ? `must not have "${extra}"` : (message ?? 'does not fit');
};

const sentence = (text: string) => {
	const [first = ''] = text.split('\n');
	return first.endsWith('.') ? first : `${first}.`;
};
