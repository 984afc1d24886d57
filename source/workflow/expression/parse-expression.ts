import {ExpressionError, Lexer, Parser, wellKnownFunctions} from '@actions/expressions';
import {
	Binary,
	ContextAccess,
	type Expr,
	FunctionCall,
	Grouping,
	IndexAccess,
	Literal,
	Logical,
	Star,
	Unary,
} from '@actions/expressions/ast';
import {type Token, TokenType} from '@actions/expressions/lexer';
import type {Expression} from '../definition.ts';

/** An expression that can be evaluated, with every name in it. Offsets count from the start of the expression. */
export interface ParsedExpression {
	readonly root: Expr;
	readonly references: readonly Reference[];
	readonly calls: readonly PlacedName[];
}

/** `steps.plan.outputs.risk`: a context and what is read of it, as far as that is spelled out. */
export interface Reference {
	readonly context: PlacedName;
	readonly path: readonly PathPart[];
}

export interface PlacedName {
	readonly name: string;
	readonly start: number;
}

/** `any` is `*` or a computed index. */
export type PathPart = ({readonly kind: 'name'} & PlacedName) | {readonly kind: 'any'};

/** Why a text is no expression. */
export interface ExpressionProblem {
	readonly message: string;
	readonly suggestion?: string;
	readonly start: number;
}

export type ParseResult =
	| {readonly expression: ParsedExpression; readonly problem?: undefined}
	| {readonly expression?: undefined; readonly problem: ExpressionProblem};

export const statusFunctions = ['success', 'failure', 'always', 'cancelled'] as const;
export const expressionFunctions: readonly string[] = [
	'contains',
	'startsWith',
	'endsWith',
	'format',
	'join',
	'toJSON',
	'fromJSON',
	'case',
];

/** Names are not judged here: a name that does not exist is a matter of where the expression stands. */
export const parseExpression = (text: Expression): ParseResult => {
	const known = cache.get(text);
	if (known) {
		cache.delete(text);
		cache.set(text, known);
		return known;
	}

	const result = parse(text);
	if (text.length > cachedLengthMax) return result;
	if (cache.size >= cacheSizeMax) cache.delete(cache.keys().next().value!);
	cache.set(text, result);
	return result;
};

const cacheSizeMax = 4096;
const cachedLengthMax = 2000;
const cache = new Map<Expression, ParseResult>();

const parse = (text: Expression): ParseResult => {
	if (text.trim() === '') {
		return {
			problem: {
				message: 'There is no expression between the braces.',
				suggestion: 'Write one, or remove the braces.',
				start: 0,
			},
		};
	}

	let tokens: PlacedToken[] = [];
	try {
		tokens = placedTokens(text);
		const root = new Parser(tokens, contextNamesIn(tokens), functionsIn(tokens)).parse();
		return {expression: {root, ...namesIn(root, new Map(tokens.map(token => [token as Token, token.start])))}};
	} catch (error) {
		return {problem: problemOf(error as Error, text, tokens)};
	}
};

type PlacedToken = Token & {start: number};

/** The lexer counts lines and columns; offsets are what a file needs. Tokens have only white space between them. */
const placedTokens = (text: string): PlacedToken[] => {
	let at = 0;
	return new Lexer(text).lex().tokens.map(token => {
		while (at < text.length && /\s/.test(text[at]!)) at++;
		const placed = {...token, start: at};
		at += token.lexeme.length;
		// The lexer undoubles only the first of several doubled quotes.
		if (token.type === TokenType.STRING) placed.value = token.lexeme.slice(1, -1).replaceAll("''", "'");
		return placed;
	});
};

const isCallee = (tokens: readonly PlacedToken[], index: number) =>
	tokens[index]!.type === TokenType.IDENTIFIER && tokens[index + 1]?.type === TokenType.LEFT_PAREN;

const contextNamesIn = (tokens: readonly PlacedToken[]): string[] =>
	tokens
		.filter((token, index) => token.type === TokenType.IDENTIFIER && !isCallee(tokens, index))
		.map(token => token.lexeme);

/** The parser itself checks the number of arguments of its own functions. */
const functionsIn = (tokens: readonly PlacedToken[]) =>
	tokens
		.filter((token, index) => isCallee(tokens, index) && !Object.hasOwn(wellKnownFunctions, token.lexeme.toLowerCase()))
		.map(({lexeme: name}) => {
			const isStatus = statusFunctions.some(known => known === name.toLowerCase());
			return {name, description: '', minArgs: 0, maxArgs: isStatus ? 0 : 255};
		});

/** Walks without recursion: a long chain of operators is a deep tree. */
const namesIn = (root: Expr, starts: ReadonlyMap<Token, number>): Pick<ParsedExpression, 'references' | 'calls'> => {
	const references: Reference[] = [];
	const calls: PlacedName[] = [];
	const placed = (token: Token): PlacedName => ({name: token.lexeme, start: starts.get(token) ?? 0});
	const rest: Expr[] = [root];
	for (let node = rest.pop(); node; node = rest.pop()) {
		if (node instanceof IndexAccess || node instanceof ContextAccess) {
			const {base, path, inner} = chainOf(node, starts);
			rest.push(...inner);
			if (base instanceof ContextAccess) references.push({context: placed(base.name), path});
			else rest.push(base);
		} else if (node instanceof FunctionCall) {
			calls.push(placed(node.functionName));
			rest.push(...node.args);
		} else if (node instanceof Unary) rest.push(node.expr);
		else if (node instanceof Binary) rest.push(node.left, node.right);
		else if (node instanceof Logical) rest.push(...node.args);
		else if (node instanceof Grouping) rest.push(node.group);
	}

	return {references: references.sort((a, b) => a.context.start - b.context.start), calls};
};

const chainOf = (node: Expr, starts: ReadonlyMap<Token, number>) => {
	const path: PathPart[] = [];
	const inner: Expr[] = [];
	let base = node;
	while (base instanceof IndexAccess) {
		const {index} = base;
		if (index instanceof Literal && index.token.type === TokenType.IDENTIFIER) {
			path.unshift({kind: 'name', name: index.token.lexeme, start: starts.get(index.token) ?? 0});
		} else if (index instanceof Literal && index.token.type === TokenType.STRING) {
			path.unshift({kind: 'name', name: String(index.token.value), start: (starts.get(index.token) ?? 0) + 1});
		} else {
			path.unshift({kind: 'any'});
			if (!(index instanceof Star)) inner.push(index);
		}

		base = base.expr;
	}

	return {base, path, inner};
};

const problemOf = (error: Error, text: string, tokens: readonly PlacedToken[]): ExpressionProblem => {
	if (error instanceof ExpressionError) {
		const token = tokens.find(candidate => candidate.range.start === error.pos);
		const message = `${error.message.replace(/: '.*$/s, '')}${token?.lexeme ? ` at \`${token.lexeme}\`` : ''}.`;
		return {message, suggestion: suggestionFor(token?.lexeme ?? '', text), start: token?.start ?? 0};
	}

	const match = /^Unexpected symbol: '(.*?)'\. Located at position (\d+) within/s.exec(error.message);
	if (!match) return {message: 'This expression is too long.', suggestion: 'Split it.', start: 0};
	const symbol = match[1]!;
	const shown = symbol.length > 30 ? `${symbol.slice(0, 29)}…` : symbol;
	return {message: `Unexpected \`${shown}\`.`, suggestion: suggestionFor(symbol, text), start: Number(match[2]) - 1};
};

const suggestionFor = (symbol: string, text: string): string | undefined => {
	if (/^[\u2018-\u201F\u00AB\u00BB]/.test(symbol)) return "Quote text with straight single quotes: 'text'.";
	if (/^[\u00A0\u2007\u202F\u200B\uFEFF]/.test(symbol)) return 'Replace the non-breaking space by a usual one.';
	if (symbol.startsWith('"')) return "Expressions quote text with single quotes: 'text'.";
	if (symbol.startsWith("'")) return 'Close the quote; a quote inside the text is doubled.';
	if (symbol.startsWith('=')) return 'Compare with `==`.';
	if (symbol.startsWith('&')) return 'Write `&&`.';
	if (symbol.startsWith('|')) return 'Write `||`.';
	if (symbol.startsWith('$')) return 'Write the name alone, as in `inputs.name`.';
	if (/^[-+*/%]/.test(symbol)) return 'Expressions do not calculate; do it in a `run` script.';
	return text.trimEnd().endsWith(symbol) ? 'Something is missing at the end.' : undefined;
};
