import {limits} from '../limits.ts';
import type {DraftStep} from './draft.ts';
import type {Notes} from './notes.ts';
import {shellWithInputs} from './shell-inputs.ts';
import {uniqueIds} from './write-workflow.ts';

export interface Filled {
	/** With `${{ }}` where the placeholders were. */
	readonly text: string;
	/** What the placeholders stand for, as `inputs:`. */
	readonly inputs: Readonly<Record<string, unknown>>;
	/** The commands whose output the text wants, as scripts before it. */
	readonly steps: readonly DraftStep[];
}

/** One placeholder, all of them, or a command whose output is wanted. */
const argumentPattern = /\$ARGUMENTS\[(\d)\]|\$ARGUMENTS(?![A-Za-z0-9_])|\$([1-9])(?!\d)/g;
const commandPattern = /(^|[\s(])!`([^`\n]+)`/gm;

/**
 * `$ARGUMENTS`, `$1` and `` !`command` `` of a Claude Code command, in a text whose own `${{` are escaped already.
 *
 * @param hint `[issue] [priority]`: how the arguments are called.
 */
export const filledPlaceholders = (text: string, hint: string | undefined, line: number, notes: Notes): Filled => {
	const names = namesOf(hint);
	const inputs: Record<string, unknown> = {};
	const inputFor = (placeholder: string): string => {
		const digit = /[1-9]/.exec(placeholder.replace('ARGUMENTS[', ''));
		const number = /\[(\d)\]/.exec(placeholder)
			? Number(/\[(\d)\]/.exec(placeholder)![1]) + 1
			: Number(digit?.[0] ?? 0);
		const name = number === 0 ? 'arguments' : (names[number - 1] ?? `argument-${number}`);
		if (!Object.hasOwn(inputs, name)) {
			inputs[name] = {type: 'string', default: '', ...(number === 0 && hint && {description: hint})};
			notes.carried(line, placeholder, `\${{ inputs.${name} }}`);
		}

		return name;
	};

	const commands: string[] = [];
	const found = [...text.matchAll(commandPattern)].map(match => match[2]!).slice(0, limits.importCommandsMax);
	const ids = uniqueIds(found.map(titleOf));
	let withCommands = text.replaceAll(commandPattern, (whole, before: string, code: string) => {
		if (commands.length >= limits.importCommandsMax) return whole;
		commands.push(
			shellWithInputs(
				code.replaceAll('$${{', () => '${{'),
				argumentPattern,
				inputFor,
				line,
				notes,
			),
		);
		return `${before}\u0000${commands.length - 1}\u0000`;
	});
	withCommands = withCommands.replaceAll(argumentPattern, match => `\${{ inputs.${inputFor(match)} }}`);
	const finished = withCommands.replaceAll(
		/\u0000(\d+)\u0000/g,
		(_, index: string) => `\${{ steps.${ids[Number(index)]}.text }}`,
	);
	const steps = commands.map((code, index): DraftStep => {
		notes.carried(line, `!\`${found[index]}\``, `the script \`${ids[index]}\`, run before the agent`);
		return {title: ids[index]!, script: {language: 'bash', code}};
	});
	return {text: finished, inputs, steps};
};

/** `[pr-number] [priority]`, `<file> [--flag]` → names; what is no name is counted instead. */
const namesOf = (hint: string | undefined): readonly (string | undefined)[] =>
	(hint?.match(/\[[^\]]*\]|<[^>]*>/g) ?? []).map(part => {
		const name = part
			.slice(1, -1)
			.trim()
			.toLowerCase()
			.replaceAll(/[^a-z0-9]+/g, '-')
			.replaceAll(/^-+|-+$/g, '');
		return /^[a-z][a-z0-9-]{0,30}$/.test(name) && name !== 'arguments' ? name : undefined;
	});

/** `git status --short` → `git-status`. */
const titleOf = (command: string): string => {
	const words = command.match(/[A-Za-z][\w-]*/g)?.slice(0, 2) ?? [];
	return words.length > 0 ? words.join('-').toLowerCase().slice(0, 40) : 'look';
};
