import {type ParseArgsOptionsConfig, parseArgs} from 'node:util';
import {type CommonOptions, commonOptions, type OptionTable, options as tables} from './options.ts';
import type {Verb} from './verb.ts';

export interface FastPath {
	readonly words: readonly string[];
	readonly options: OptionTable;
	readonly argsMax: number;
	// biome-ignore lint/suspicious/noExplicitAny: each verb has the options of its own table.
	readonly load: () => Promise<Verb<any>>;
}

/** Commands that start without Pastel: what scripts, prompts and status lines call many times. */
export const fastPaths: readonly FastPath[] = [
	{
		words: ['version'],
		options: tables.none,
		argsMax: 0,
		load: async () => (await import('./verbs/version.ts')).version,
	},
	{words: ['status'], options: tables.status, argsMax: 0, load: async () => (await import('./verbs/status.ts')).status},
	{
		words: ['runs', 'list'],
		options: tables.runsList,
		argsMax: 0,
		load: async () => (await import('./verbs/runs-list.ts')).listRuns,
	},
	{
		words: ['runs', 'show'],
		options: tables.none,
		argsMax: 1,
		load: async () => (await import('./verbs/runs-show.ts')).showRun,
	},
	{
		words: ['approvals', 'list'],
		options: tables.approvalsList,
		argsMax: 0,
		load: async () => (await import('./verbs/approvals-list.ts')).listApprovals,
	},
	{words: ['emit'], options: tables.emit, argsMax: 1, load: async () => (await import('./verbs/emit.ts')).emit},
	{
		words: ['daemon', 'status'],
		options: tables.none,
		argsMax: 0,
		load: async () => (await import('./verbs/daemon-status.ts')).daemonStatus,
	},
];

export interface FastCall {
	readonly path: FastPath;
	readonly args: readonly string[];
	readonly options: CommonOptions & Readonly<Record<string, unknown>>;
}

/** @returns What to call, or `undefined` for anything that Pastel has to look at: help, mistakes, other commands. */
export const fastCallOf = (words: readonly string[]): FastCall | undefined => {
	const path = fastPaths.find(candidate => candidate.words.every((word, index) => words[index] === word));
	if (!path) return undefined;
	const table = {...path.options, ...commonOptions};
	try {
		const {values, positionals} = parseArgs({
			args: words.slice(path.words.length),
			options: configOf(table),
			allowPositionals: true,
			allowNegative: true,
		});
		if (positionals.length !== path.argsMax) return undefined;
		const entries = Object.keys(table).map(name => [name, values[kebabOf(name)]]);
		return {path, args: positionals, options: Object.fromEntries(entries)};
	} catch {
		return undefined;
	}
};

const configOf = (table: OptionTable): ParseArgsOptionsConfig =>
	Object.fromEntries(
		Object.entries(table).map(([name, definition]) => [
			kebabOf(name),
			definition.kind === 'flag'
				? {type: 'boolean', default: definition.isOn}
				: {type: 'string', multiple: definition.kind === 'texts'},
		]),
	);

const kebabOf = (name: string) => name.replaceAll(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
