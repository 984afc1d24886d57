import {type Document, isCollection, isScalar, type Node, parseDocument, visit, type YAMLError} from 'yaml';

/** One syntax error in our words; `start` counts from the start of the YAML text. */
export interface SyntaxProblem {
	readonly start: number;
	readonly message: string;
	readonly suggestion: string;
}

/** What went wrong first; what a YAML parser says after its first error is mostly an echo. */
export const firstSyntaxProblem = (document: Document, text: string): SyntaxProblem | undefined => {
	const [error] = document.errors.toSorted((a, b) => a.pos[0] - b.pos[0]);
	return error && problemOf(error, text);
};

const problemOf = (error: YAMLError, text: string): SyntaxProblem => {
	const [at] = error.pos;
	const line = lineAround(text, at);
	switch (error.code) {
		case 'TAB_AS_INDENT':
			return {start: at, message: 'YAML cannot be indented with a tab.', suggestion: 'Indent with spaces.'};
		case 'BAD_SCALAR_START':
			return {
				start: at,
				message: `A value cannot start with ${text[at] === '`' ? 'a backtick' : `\`${text[at]}\``} unless it is quoted.`,
				suggestion: quotedLineOf(line),
			};
		case 'BLOCK_AS_IMPLICIT_KEY':
			return {
				start: at,
				message: 'There is a second colon in this entry.',
				suggestion: `Quote the value if the colon belongs to it (\`${quotedLineOf(line, '')}\`), or mend the indentation.`,
			};
		case 'MULTIPLE_DOCS':
			return {
				start: at,
				message: 'A `---` line starts a second YAML document.',
				suggestion: 'Remove it: settings are one mapping.',
			};
		case 'BAD_DQ_ESCAPE':
			return {
				start: at,
				message: error.message.replace(/\.?$/, '.'),
				suggestion: 'Write `\\\\` for a backslash, or use single quotes.',
			};
		case 'MULTILINE_IMPLICIT_KEY':
			return {start: at, message: 'This line has no colon.', suggestion: 'Write `key: value`.'};
		default:
			return unclosedProblem(text, error) ?? otherProblem(error, at, line);
	}
};

const otherProblem = (error: YAMLError, at: number, line: string): SyntaxProblem => {
	if (error.message.startsWith('Implicit map keys')) {
		return {start: at, message: 'This line has no colon.', suggestion: 'Write `key: value`.'};
	}

	if (error.message.endsWith('at node end') && /:\s+['"]/.test(line)) {
		return {start: at, message: 'There is text after the closing quote.', suggestion: quotedLineOf(line)};
	}

	if (error.message.includes('same column')) {
		const message = 'This line is not indented like those it belongs to.';
		return {start: at, message, suggestion: 'Align it with the lines around it.'};
	}

	if (error.message.includes('call stack')) {
		return {start: at, message: 'This YAML is nested too deep.', suggestion: 'Flatten it.'};
	}

	const message = error.message.replace(/ in YAML stream.*$/s, '').replace(/\.?$/, '.');
	return {
		start: at,
		message: `YAML: ${message}`,
		suggestion: 'Mend the YAML; quote values that hold `:`, `#`, quotes or braces.',
	};
};

/** What is not closed is best shown where it was opened. */
const unclosedProblem = (text: string, error: YAMLError): SyntaxProblem | undefined => {
	const isBracket = error.message.startsWith('Flow ');
	const isQuote = error.message.startsWith('Missing closing');
	if (!isBracket && !isQuote) return undefined;
	let start: number | undefined;
	visit(parseDocument(text, {keepSourceTokens: true, prettyErrors: false, uniqueKeys: false}), {
		Node(_, node) {
			const fits = isBracket ? isOpenCollection(node) : isScalar(node);
			if (fits && node.range && node.range[1] === error.pos[0]) start = Math.max(start ?? 0, node.range[0]);
		},
	});
	if (start === undefined) return undefined;
	if (isQuote) return {start, message: 'The quote that starts here is never closed.', suggestion: 'Close it.'};
	const closing = error.message.trimEnd().at(-1);
	const noun = closing === ']' ? 'list' : 'mapping';
	return {
		start,
		message: `The ${noun} that starts here has no closing \`${closing}\`.`,
		suggestion: `Add the \`${closing}\`.`,
	};
};

const isOpenCollection = (node: Node): boolean => {
	const token = isCollection(node) ? node.srcToken : undefined;
	if (token?.type !== 'flow-collection') return false;
	const closing = token.start.type === 'flow-seq-start' ? 'flow-seq-end' : 'flow-map-end';
	return !token.end.some(({type}) => type === closing);
};

const lineAround = (text: string, at: number): string => {
	const start = text.lastIndexOf('\n', at - 1) + 1;
	const end = text.indexOf('\n', at);
	return text.slice(start, end === -1 ? undefined : end).slice(0, 200);
};

/** `if: 'a' == b` → ``Write `if: "'a' == b"`.`` */
const quotedLineOf = (line: string, before = 'Write '): string => {
	const match = /^\s*((?:- )?[\w-]+:\s+)(.*?)\s*$/.exec(line);
	if (!match) return before === '' ? `"${line.trim()}"` : 'Quote the value.';
	const quoted = `${match[1]}${JSON.stringify(match[2])}`;
	return before === '' ? quoted : `${before}\`${quoted}\`.`;
};
