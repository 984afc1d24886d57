// A program of the build: prints what can be typed, as JSON, asked of the built commands.
import {globSync} from 'node:fs';
import path from 'node:path';
import {pathToFileURL} from 'node:url';
import {packageFolder} from '../../install.ts';
import type {OptionTable} from '../options.ts';
import {tableOfSchema} from '../pastel/option-schema.ts';
import type {ArgumentEntry, CommandEntry, CommandTree, OptionEntry} from './tree.ts';

interface CommandModule {
	readonly description?: string;
	readonly options?: object;
	readonly args?: {readonly def: {readonly items: readonly Described[]; readonly rest?: Described | null}};
	readonly default?: unknown;
}

interface Described {
	readonly description?: string;
}

const describeCommands = async (folder: string): Promise<CommandTree> => {
	const groups: {words: readonly string[]; about: string}[] = [];
	const commands: CommandEntry[] = [];
	for (const file of globSync('**/*.js', {cwd: folder}).sort()) {
		const module = (await import(pathToFileURL(path.join(folder, file)).href)) as CommandModule;
		const words = file.replace(/\.js$/, '').split(path.sep);
		const about = module.description ?? '';
		if (words.at(-1) === 'index') groups.push({words: words.slice(0, -1), about});
		else commands.push({words, about, options: optionsOf(module, file), args: argumentsOf(module)});
	}

	return {groups, commands};
};

const optionsOf = ({options}: CommandModule, file: string): readonly OptionEntry[] => {
	const table = options && tableOfSchema(options);
	if (!table) throw new Error(`The options of ${file} are not of the table in source/cli/options.ts.`);
	return [...entriesOf(table), {name: '--help', about: 'Show help', mayRepeat: false}];
};

const entriesOf = (table: OptionTable): readonly OptionEntry[] =>
	Object.entries(table).map(([name, definition]) => {
		const kebab = name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
		if (definition.kind === 'flag')
			return {name: definition.isOn ? `--no-${kebab}` : `--${kebab}`, about: definition.about, mayRepeat: false};
		const {about, value, choices} = definition;
		return {name: `--${kebab}`, about, value, ...(choices && {choices}), mayRepeat: definition.kind === 'texts'};
	});

const argumentsOf = ({args}: CommandModule): readonly ArgumentEntry[] => {
	const {items = [], rest} = args?.def ?? {};
	return [...items.map(item => argumentOf(item, false)), ...(rest ? [argumentOf(rest, true)] : [])];
};

/** Pastel writes what it is told of an argument into its description. */
const argumentOf = ({description = ''}: Described, mayRepeat: boolean): ArgumentEntry => {
	const config = JSON.parse(description.slice(description.indexOf('{')) || '{}') as {
		name?: string;
		description?: string;
	};
	return {name: config.name ?? 'arg', about: config.description ?? '', mayRepeat};
};

process.stdout.write(`${JSON.stringify(await describeCommands(path.join(packageFolder, 'dist/commands')))}\n`);
