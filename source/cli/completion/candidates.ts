import {nouns} from '../arguments.ts';
import type {CommandEntry, CommandTree, OptionEntry} from './tree.ts';

export interface Candidate {
	readonly value: string;
	readonly about: string;
}

/** What could come next: words that are known here, or something to be looked up. */
export type Next =
	| {readonly kind: 'words'; readonly candidates: readonly Candidate[]}
	| {
			readonly kind: 'value';
			/** What it is called where it is declared: `run`, `workflow`, `agents`, … */
			readonly name: string;
			/** Of the option, without dashes; missing for an argument. */
			readonly option?: string;
			/** What it is a part of: `--status=`. */
			readonly prefix: string;
			readonly choices?: readonly string[];
			readonly command: CommandEntry;
			/** Arguments that stand before it. */
			readonly args: readonly string[];
	  };

const cockpitOptions: readonly Candidate[] = [
	{value: '--help', about: 'Show help'},
	{value: '--version', about: 'Show version number'},
	{value: '--read-only', about: 'The cockpit, answering nothing'},
	{value: '--theme', about: 'The cockpit in another theme'},
	{value: '--ascii', about: 'The cockpit in plain characters'},
	{value: '--no-color', about: 'Without colours'},
	{value: '--render=full', about: 'The cockpit, drawn whole each time'},
	{value: '--inline', about: 'Lines instead of a screen'},
	{value: '--screen-reader', about: 'Lines in words'},
];

/** @param words Behind the name of the program; the last one is being typed. */
export const nextOf = (words: readonly string[], tree: CommandTree): Next => {
	const current = words.at(-1) ?? '';
	const before = words.slice(0, -1);
	const {path, rest} = pathIn(before, tree);
	const command = tree.commands.find(each => sameWords(each.words, path));
	if (command) return nextOfCommand(command, rest, current);
	if (current.startsWith('-'))
		return {kind: 'words', candidates: path.length === 0 ? cockpitOptions : cockpitOptions.slice(0, 1)};
	// A word that is no command leads nowhere.
	return {kind: 'words', candidates: rest.some(word => !word.startsWith('-')) ? [] : below(path, tree)};
};

/** How far the words name a command. */
const pathIn = (before: readonly string[], tree: CommandTree) => {
	const path: string[] = [];
	const rest: string[] = [];
	for (const [index, word] of before.entries()) {
		const meant = index === 0 && Object.hasOwn(nouns, word) ? nouns[word]! : word;
		const isKnown = [...tree.groups, ...tree.commands].some(({words}) =>
			sameWords(words.slice(0, path.length + 1), [...path, meant]),
		);
		if (word.startsWith('-') && !tree.commands.some(({words}) => sameWords(words, path))) continue;
		if (rest.length === 0 && isKnown && !tree.commands.some(({words}) => sameWords(words, path))) path.push(meant);
		else rest.push(word);
	}

	return {path, rest};
};

const below = (path: readonly string[], tree: CommandTree): readonly Candidate[] =>
	[...tree.groups, ...tree.commands]
		.filter(({words}) => words.length === path.length + 1 && sameWords(words.slice(0, -1), path))
		.map(({words, about}) => ({value: words.at(-1)!, about}));

const nextOfCommand = (command: CommandEntry, rest: readonly string[], current: string): Next => {
	const args: string[] = [];
	const used = new Set<string>();
	let open: OptionEntry | undefined;
	let isPlain = false;
	for (const word of rest) {
		if (open) open = undefined;
		else if (word === '--') isPlain = true;
		else if (!isPlain && word.startsWith('-')) {
			const [name, value] = splitOption(word);
			used.add(name);
			open =
				value === undefined ? command.options.find(each => each.name === name && each.value !== undefined) : undefined;
		} else args.push(word);
	}

	if (open) return optionValue(command, open, '', args);
	if (!isPlain && current.startsWith('-')) {
		const [name, value] = splitOption(current);
		const option = command.options.find(each => each.name === name);
		if (value !== undefined && option) return optionValue(command, option, `${name}=`, args);
		return {
			kind: 'words',
			candidates: command.options
				.filter(each => each.mayRepeat || !used.has(each.name))
				.map(({name: flag, about}) => ({value: flag, about})),
		};
	}

	const argument = command.args[args.length] ?? command.args.findLast(({mayRepeat}) => mayRepeat);
	if (!argument) return {kind: 'words', candidates: []};
	return {kind: 'value', name: argument.name, prefix: '', command, args};
};

const optionValue = (command: CommandEntry, option: OptionEntry, prefix: string, args: readonly string[]): Next => ({
	kind: 'value',
	name: option.value ?? '',
	option: option.name.slice(2),
	prefix,
	...(option.choices && {choices: option.choices}),
	command,
	args,
});

const splitOption = (word: string): readonly [name: string, value: string | undefined] => {
	const at = word.indexOf('=');
	return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
};

const sameWords = (a: readonly string[], b: readonly string[]) =>
	a.length === b.length && a.every((word, index) => word === b[index]);
