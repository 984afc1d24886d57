import {usageInvalid} from '../errors.ts';
import {normalisedArguments} from './arguments.ts';
import {type FastCall, fastCallOf} from './fast-path.ts';

export interface CockpitFlags {
	readonly isReadOnly: boolean;
	readonly isAscii: boolean;
	readonly noColor: boolean;
	readonly renderMode: 'incremental' | 'full';
}

export type Route =
	| {readonly kind: 'cockpit'; readonly flags: CockpitFlags}
	| {readonly kind: 'fast'; readonly call: FastCall}
	/** Everything that needs the command tree: all other commands, help, and whatever was mistyped. */
	| {readonly kind: 'pastel'; readonly words: readonly string[]};

/**
 * Where a start goes.
 *
 * @param isTerminal Whether both standard input and output are one.
 * @throws AiworkflowError `usage.invalid` where the cockpit was asked for without a terminal.
 */
export const routeOf = (typed: readonly string[], isTerminal: boolean): Route => {
	if (typed.length === 0 && !isTerminal) return {kind: 'pastel', words: ['--help']};
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
	if (!typed.every(word => cockpitWords.has(word))) return undefined;
	return {
		isReadOnly: typed.includes('--read-only'),
		isAscii: typed.includes('--ascii'),
		noColor: typed.includes('--no-color'),
		renderMode: typed.includes('--render=full') ? 'full' : 'incremental',
	};
};

const cockpitWords: ReadonlySet<string> = new Set([
	'--read-only',
	'--ascii',
	'--no-color',
	'--render=full',
	'--render=incremental',
]);
