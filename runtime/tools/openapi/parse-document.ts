import {LineCounter, parseDocument} from 'yaml';
import {AiworkflowError} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import {documentInvalid, documentTooLarge} from './failures.ts';

/**
 * Reads JSON or YAML, whatever the file is called.
 *
 * @throws AiworkflowError `tool.answer-invalid` with line and column.
 */
export const parseDocumentText = (text: string, document: string): unknown => {
	const value = looksLikeJson(text) ? parsedJson(text, document) : parsedYaml(text, document);
	if (isDeeperThan(value, limits.openapiDepthMax)) {
		throw documentTooLarge(document, `it is nested deeper than ${limits.openapiDepthMax} levels`);
	}

	return value;
};

/** @returns ` (line 3)` of the place that a JSON pointer names; empty where the text is too large to look again. */
export const linesOf = (text: string): ((pointer: string) => string) => {
	if (text.length > lookAgainCharactersMax) return () => '';
	const lines = new LineCounter();
	const parsed = parseDocument(text, {lineCounter: lines});
	return pointer => {
		const keys = pointer
			.split('/')
			.slice(1)
			.map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'));
		for (let count = keys.length; count > 0; count--) {
			const node = parsed.getIn(keys.slice(0, count), true) as {readonly range?: readonly number[]} | undefined;
			if (node?.range) return ` (line ${lines.linePos(node.range[0]!).line})`;
		}

		return '';
	};
};

/** Both parsers walk over such a text in well under a second. */
const lookAgainCharactersMax = 1024 * 1024;

/** YAML allows `{` at the beginning as well; JSON that does not parse is tried as YAML, whose errors are clearer. */
const looksLikeJson = (text: string) => /^[\s\uFEFF]*[{[]/.test(text);

const parsedJson = (text: string, document: string): unknown => {
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch (error) {
		if (text.length > lookAgainCharactersMax) throw documentInvalid(document, `${(error as Error).message}.`);
		return parsedYaml(text, document);
	}
};

const parsedYaml = (text: string, document: string): unknown => {
	const lines = new LineCounter();
	try {
		const parsed = parseDocument(text, {lineCounter: lines, merge: true, prettyErrors: false});
		const [first] = parsed.errors;
		// Aliases of aliases of aliases would fill the memory.
		if (!first) return parsed.toJS({maxAliasCount: 100});
		const {line, col} = lines.linePos(first.pos[0]);
		throw documentInvalid(document, `line ${line}, column ${col}: ${first.message}.`);
	} catch (error) {
		if (error instanceof AiworkflowError) throw error;
		// Too deep for the parser, or too many aliases.
		throw documentInvalid(document, `${(error as Error).message}.`, undefined, error);
	}
};

/** Level by level, for a function that calls itself would fall over what it looks for. */
const isDeeperThan = (value: unknown, depthMax: number): boolean => {
	let level = [value];
	for (let depth = 0; level.length > 0; depth++) {
		if (depth > depthMax) return true;
		level = level.flatMap(each => (typeof each === 'object' && each !== null ? Object.values(each) : []));
	}

	return false;
};
