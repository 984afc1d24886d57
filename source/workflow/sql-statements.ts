export type SqlDialect = 'sqlite' | 'postgres';

/**
 * Splits a text into its statements, as the database would: at semicolons that are in no quotes and no comment, and of
 * SQLite in no trigger. What holds only space and comments is no statement.
 */
export const sqlStatementsOf = (text: string, dialect: SqlDialect): readonly string[] => {
	const statements: string[] = [];
	let start = 0;
	let hasWords = false;
	let words: string[] = [];
	for (const token of tokensOf(text, dialect)) {
		if (token.kind === 'end' && !isWithinTrigger(words, dialect)) {
			if (hasWords) statements.push(text.slice(start, token.start).trim());
			start = token.end;
			hasWords = false;
			words = [];
		} else if (token.kind !== 'space') {
			hasWords = true;
			if (token.kind === 'word') words.push(text.slice(token.start, token.end).toLowerCase());
			else if (token.kind === 'end') words.push(';');
		}
	}

	return hasWords ? [...statements, text.slice(start).trim()] : statements;
};

/** A place of a named parameter, `:name`. */
export interface SqlParameter {
	readonly name: string;
	readonly start: number;
	readonly end: number;
}

/** @returns The named parameters, in order; one that stands twice is there twice. */
export const sqlParametersOf = (text: string, dialect: SqlDialect): readonly SqlParameter[] =>
	tokensOf(text, dialect).flatMap(({kind, start, end}) =>
		kind === 'parameter' ? [{name: text.slice(start + 1, end), start, end}] : [],
	);

/** The body of a trigger has statements of its own, up to its `END`. */
const isWithinTrigger = (words: readonly string[], dialect: SqlDialect): boolean => {
	if (dialect !== 'sqlite' || words[0] !== 'create' || !words.slice(1, 3).includes('trigger')) return false;
	const body = words.indexOf('begin');
	return body === -1 ? false : !(words.at(-1) === 'end' && words.at(-2) === ';');
};

interface Token {
	readonly kind: 'word' | 'parameter' | 'end' | 'space' | 'other';
	readonly start: number;
	readonly end: number;
}

const tokensOf = (text: string, dialect: SqlDialect): Token[] => {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const {kind, length} = tokenAt(text, at, dialect);
		tokens.push({kind, start: at, end: at + length});
		at += length;
	}

	return tokens;
};

const tokenAt = (text: string, at: number, dialect: SqlDialect): {kind: Token['kind']; length: number} => {
	for (const [kind, pattern, only] of patterns) {
		if (only && only !== dialect) continue;
		pattern.lastIndex = at;
		const length = pattern.exec(text)?.[0].length ?? 0;
		if (length > 0) return {kind, length};
	}

	const length = text.startsWith('/*', at) ? commentLengthOf(text, at, dialect) : 1;
	return length > 1 ? {kind: 'space', length} : {kind: 'other', length: 1};
};

/** The first that fits. Quotes that are never closed go to the end of the text. */
const patterns: readonly (readonly [kind: Token['kind'], pattern: RegExp, only?: SqlDialect])[] = [
	['space', /(?:\s+|--[^\n]*)+/y],
	['end', /;/y],
	['other', /e'(?:[^'\\]|\\[\s\S]|'')*(?:'|$)/iy, 'postgres'],
	['other', /\$([a-z_]\w*)?\$[\s\S]*?(?:\$\1\$|$)/iy, 'postgres'],
	['other', /'(?:[^']|'')*(?:'|$)/y],
	['other', /"(?:[^"]|"")*(?:"|$)/y],
	['other', /`(?:[^`]|``)*(?:`|$)/y, 'sqlite'],
	['other', /\[[^\]]*(?:\]|$)/y, 'sqlite'],
	['other', /::/y],
	['parameter', /[:@$][a-z_]\w*/iy, 'sqlite'],
	['parameter', /:[a-z_]\w*/iy, 'postgres'],
	['word', /[a-z_][\w$]*/iy],
	['other', /\d[\w.]*/y],
];

/** Of PostgreSQL, comments may hold comments. */
const commentLengthOf = (text: string, at: number, dialect: SqlDialect): number => {
	let depth = 1;
	let end = at + 2;
	while (depth > 0 && end < text.length) {
		if (text.startsWith('*/', end)) {
			depth--;
			end += 2;
		} else if (dialect === 'postgres' && text.startsWith('/*', end)) {
			depth++;
			end += 2;
		} else end++;
	}

	return end - at;
};
