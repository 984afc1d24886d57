import {usageInvalid} from '../errors.ts';
import {normalisedArguments} from './arguments.ts';
import {type FastCall, fastCallOf} from './fast-path.ts';

export interface CockpitFlags {
	readonly isReadOnly: boolean;
	readonly isAscii: boolean;
	readonly noColor: boolean;
	readonly renderMode: 'incremental' | 'full';
	/** Name of a theme instead of that of the settings. */
	readonly theme: string | undefined;
}

/** Of the cockpit as plain lines. */
export interface InlineFlags {
	readonly noColor: boolean;
	readonly isVerbose: boolean;
	/** Words in place of glyphs. */
	readonly isSpoken: boolean;
}

export type Route =
	| {readonly kind: 'inline'; readonly flags: InlineFlags}
	| {readonly kind: 'cockpit'; readonly flags: CockpitFlags}
	/** A shell asks what could be typed next. */
	| {readonly kind: 'complete'; readonly words: readonly string[]}
	| {readonly kind: 'fast'; readonly call: FastCall}
	/** Everything that needs the command tree: all other commands, help, and whatever was mistyped. */
	| {readonly kind: 'pastel'; readonly words: readonly string[]};

/**
 * Where a start goes.
 *
 * @param isTerminal Whether both standard input and output are one.
 * @param environment `INK_SCREEN_READER=true` asks for lines, as it does of every program made with Ink.
 * @throws AiworkflowError `usage.invalid` where the cockpit was asked for without a terminal.
 */
export const routeOf = (
	typed: readonly string[],
	isTerminal: boolean,
	environment: Readonly<Record<string, string | undefined>> = {},
): Route => {
	if (typed[0] === '__complete') return {kind: 'complete', words: typed.slice(1)};
	if (typed.length === 0 && !isTerminal) return {kind: 'pastel', words: ['--help']};
	const inline = inlineFlagsOf(typed, environment.INK_SCREEN_READER === 'true');
	if (inline) return {kind: 'inline', flags: inline};
	const flags = cockpitFlagsOf(typed);
	if (flags) {
		if (isTerminal) return {kind: 'cockpit', flags};
		throw usageInvalid('The cockpit needs a terminal for its input and its output.', 'See `aiworkflow --help`.');
	}

	const words = normalisedArguments(typed);
	const call = fastCallOf(words[0] === '--version' || words[0] === '-v' ? ['version', ...words.slice(1)] : words);
	return call ? {kind: 'fast', call} : {kind: 'pastel', words};
};

/** @returns `undefined` unless every word is a flag of the cockpit. */
const cockpitFlagsOf = (typed: readonly string[]): CockpitFlags | undefined => {
	const words = joinedTheme(typed);
	if (!words.every(word => cockpitWords.has(word) || word.startsWith('--theme='))) return undefined;
	const theme = words.findLast(word => word.startsWith('--theme='))?.slice('--theme='.length);
	if (theme === '') throw usageInvalid('The option --theme needs a name.', 'Write `--theme dark`.');
	return {
		isReadOnly: words.includes('--read-only'),
		isAscii: words.includes('--ascii'),
		noColor: words.includes('--no-color'),
		renderMode: words.includes('--render=full') ? 'full' : 'incremental',
		theme,
	};
};

/** @returns `undefined` unless lines are asked for, and every word is a flag of theirs or of the cockpit. */
const inlineFlagsOf = (typed: readonly string[], isReader: boolean): InlineFlags | undefined => {
	const isSpoken = isReader || typed.includes('--screen-reader');
	if (!isSpoken && !typed.includes('--inline')) return undefined;
	const others = typed.filter(word => !inlineWords.has(word));
	if (!cockpitFlagsOf(others)) return undefined;
	return {
		noColor: typed.includes('--no-color'),
		isVerbose: typed.includes('--verbose'),
		isSpoken: isSpoken || typed.includes('--ascii'),
	};
};

const inlineWords: ReadonlySet<string> = new Set(['--inline', '--screen-reader', '--verbose']);

/** `--theme dark` as one word. */
const joinedTheme = (typed: readonly string[]): string[] =>
	typed.flatMap((word, index) => {
		if (word === '--theme') return [`--theme=${typed[index + 1] ?? ''}`];
		return typed[index - 1] === '--theme' ? [] : [word];
	});

const cockpitWords: ReadonlySet<string> = new Set([
	'--read-only',
	'--ascii',
	'--no-color',
	'--render=full',
	'--render=incremental',
]);
