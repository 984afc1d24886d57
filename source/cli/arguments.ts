import {usageInvalid} from '../errors.ts';

/**
 * What was typed, in the form that the command tree has: nouns in their own number, `run list` as `runs list`, switches
 * behind the command, and `--input a=b` as one word, because commander would let it take the words after it as well.
 *
 * @throws AiworkflowError `usage.invalid` where the last word is `--input` or `--var`.
 */
export const normalisedArguments = (typed: readonly string[]): string[] => {
	const {leading, words} = splitLeadingSwitches(typed);
	return joinInputs(withToolArguments([...withLongOutput(singleForm(words)), ...leading]));
};

const runsVerbs: ReadonlySet<string> = new Set([
	...['list', 'show', 'watch', 'logs', 'stats'],
	...['cancel', 'pause', 'resume', 'retry', 'skip', 'signal', 'fork', 'rollback'],
	...['prune', 'compact', 'record'],
]);
/** Other names of the first word. */
export const nouns: Readonly<Record<string, string>> = {
	workflows: 'workflow',
	approval: 'approvals',
	daemons: 'daemon',
	agent: 'agents',
	tool: 'tools',
	webhooks: 'webhook',
	queues: 'queue',
	templates: 'template',
	bundles: 'bundle',
};

/** A workflow called "list" is run as `run ./list.md`. */
const singleForm = ([first, ...rest]: readonly string[]): string[] => {
	if (first === undefined) return [];
	if (first === 'run' && rest[0] !== undefined && runsVerbs.has(rest[0])) return ['runs', ...rest];
	if (first === 'history') return ['runs', 'list', ...rest];
	return [nouns[first] ?? first, ...rest];
};

const switches: ReadonlySet<string> = new Set(['--json', '--verbose', '--no-color']);

/** `aiworkflow --json runs list` and `aiworkflow runs --json list` are `aiworkflow runs list --json`. */
const splitLeadingSwitches = (typed: readonly string[]) => {
	const leading: string[] = [];
	const words: string[] = [];
	for (const [index, argument] of typed.entries()) {
		const isBeforeVerb = words.length < 2 && !words.some(word => word.startsWith('-'));
		if (!isBeforeVerb) return {leading, words: [...words, ...typed.slice(index)]};
		(switches.has(argument) ? leading : words).push(argument);
	}

	return {leading, words};
};

/**
 * `tools call search.find --query x --deep` as `tools call search.find --argument=query=x --argument=deep=true`: what a
 * tool takes is not known before it is asked.
 */
const withToolArguments = (words: readonly string[]): string[] => {
	if (words[0] !== 'tools' || words[1] !== 'call') return [...words];
	const joined: string[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!;
		const match = /^--([A-Za-z_][\w.-]*)(?:=(.*))?$/s.exec(word);
		const next = words[index + 1];
		if (word === '--') return [...joined, ...words.slice(index)];
		if (!match || ownOfCall.has(match[1]!)) {
			joined.push(word);
		} else if (match[2] !== undefined || next === undefined || /^--\D/.test(next)) {
			joined.push(`--argument=${match[1]}=${match[2] ?? 'true'}`);
		} else {
			joined.push(`--argument=${match[1]}=${next}`);
			index++;
		}
	}

	return joined;
};

const ownOfCall: ReadonlySet<string> = new Set([
	...['json', 'verbose', 'color', 'no-color', 'help', 'workspace', 'bundle', 'with', 'argument', 'timeout'],
]);
/** `bundle pack x -o y` is `bundle pack x --output y`. */
const withLongOutput = (words: readonly string[]): string[] =>
	words[0] === 'bundle' && words[1] === 'pack' ? words.map(word => (word === '-o' ? '--output' : word)) : [...words];

const joinInputs = (words: readonly string[]): string[] => {
	const joined: string[] = [];
	for (let index = 0; index < words.length; index++) {
		const word = words[index]!;
		if (word === '--') return [...joined, ...words.slice(index)];
		const next = words[index + 1];
		if (word === '--input' || word === '--var') {
			if (next === undefined) throw usageInvalid(`The option ${word} needs a value.`, `Write \`${word} name=value\`.`);
			joined.push(`${word}=${next}`);
			index++;
		} else {
			joined.push(word);
		}
	}

	return joined;
};
