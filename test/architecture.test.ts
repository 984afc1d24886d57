import {globSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {packageFolder} from '../source/install.ts';

/**
 * Who may import whom: deny by default. A room is a folder; `source` alone is the files right inside it, which everybody
 * may import. Each line says why nothing more is there.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
	// Leaves: no room below them.
	// Whoever reads a workflow reads the configuration of its bundle with it.
	source: ['source/run', 'source/workflow', 'source/bundles'],
	themes: [],
	// The language is pure; `source/run` only gives it the outline of a step.
	'source/workflow': ['source', 'source/run'],
	// Files of tools: the format, read by commands, by the daemon's registry and by tool hosts.
	'source/tools': ['source', 'source/workflow'],
	// Templates become files: read by commands and by the cockpit, written before anything is run.
	'source/templates': ['source', 'source/workflow'],
	// Other tools' files to workflows and back: texts in, texts and a report out. Pure.
	'source/import': ['source', 'source/workflow'],
	'source/export': ['source', 'source/workflow'],
	// Folders of a workflow and what belongs to it: found, read, checked, packed. Cases of tests are read by those who run them.
	'source/bundles': ['source', 'source/workflow', 'source/rehearsal', 'source/tools'],
	// The fold is pure and knows nothing of who uses it.
	'source/run': ['source'],
	// The contract: types of what the rooms above and below exchange.
	'source/api': [
		'source',
		'source/run',
		// What tools are is told as their files say it.
		'source/tools/definition.ts',
		'source/workflow/declared-triggers.ts',
		'source/workflow/definition.ts',
		'source/workflow/diagnostics.ts',
		'source/workflow/triggers.ts',
		'source/workflow/queues.ts',
	],
	// A client knows the contract, never the daemon's code: it starts the daemon as a process, by path.
	'source/client': ['source', 'source/run', 'source/api'],
	// Tests of workflows are a client's work: they run them in a daemon of their own.
	'source/rehearsal': ['source', 'source/run', 'source/api', 'source/client', 'source/workflow'],
	'source/cli': [
		'source',
		'source/run',
		'source/api',
		'source/client',
		'source/workflow',
		'source/rehearsal',
		'source/templates',
		'source/tools',
		'source/import',
		'source/export',
		'source/bundles',
		'source/tui/settings',
		'source/cli/progress',
	],
	// What an event says in words: the same on plain lines and on the screen.
	'source/cli/progress': ['source', 'source/run', 'source/cli'],
	// The cockpit draws the fold. It gets its connection handed in. What is typed into a form is checked as commands check it.
	'source/tui': [
		'source',
		'source/run',
		'source/api',
		'source/workflow',
		'source/templates',
		'source/tui/settings',
		'source/cli/progress',
		'source/cli/colour.ts',
		// What tools and webhooks to others are called: the same in lists of commands and on the screen.
		'source/cli/tool-words.ts',
		'source/cli/delivery-words.ts',
		'themes',
	],
	// Read with the language's own readers. `doctor` checks them, so they are a room that a command may see.
	'source/tui/settings': ['source', 'source/workflow', 'source/tui'],
	// `source/main.ts` dispatches, so it sees both faces. It is the only file of `source` that may.
	'source/main.ts': ['source', 'source/cli', 'source/client', 'source/templates', 'source/tui', 'commands'],
	commands: ['source', 'source/cli'],
	// The daemon's rooms. Capability rooms fit interfaces of engine/parts.ts; only daemon.ts wires them.
	runtime: ['source', 'runtime/*'],
	// Statistics are read from rows as the API gives them.
	'runtime/store': [
		'source',
		'source/api',
		'source/run',
		'source/workflow',
		'runtime/engine/parts.ts',
		'runtime/triggers/parts.ts',
		'runtime/triggers/queue/parts.ts',
		'runtime/outbox/parts.ts',
	],
	// What a tool is: the engine chooses one of its implementations.
	'runtime/engine': ['source', 'source/run', 'source/workflow', 'source/tools', 'runtime/store'],
	// Of tools only what they are: that travels to the bridge between them and an agent.
	'runtime/attempts': [
		'source',
		'source/run',
		'source/workflow',
		'source/tools/definition.ts',
		'runtime/engine/parts.ts',
	],
	'runtime/agents': [
		'source',
		'source/api',
		'source/run',
		'source/workflow',
		'runtime/engine/parts.ts',
		'runtime/attempts',
	],
	// The agent host is a process of its own that runs one agent: the only place where attempts know agents.
	'runtime/attempts/agent-host': [
		'source',
		'source/run',
		'source/workflow',
		'runtime/attempts',
		'runtime/agents',
		'runtime/engine/parts.ts',
	],
	// The registry of tools is the daemon's; what opens them runs in processes of its own.
	'runtime/tools': [
		'source',
		'source/api',
		'source/run',
		'source/workflow',
		'source/tools',
		'runtime/engine/parts.ts',
		'runtime/attempts',
	],
	// The direct host is a process of its own as well: it answers from recordings, and opens tools.
	'runtime/attempts/direct-host': [
		'source',
		'source/workflow',
		'source/tools',
		'runtime/attempts',
		'runtime/agents/replay/recording.ts',
		'runtime/tools',
	],
	'runtime/security': ['source', 'source/workflow', 'runtime/attempts'],
	// Saves and restores files; who asks for it, and when, is the engine's.
	'runtime/snapshots': ['source'],
	// Each kind of trigger looks out for something and hands it to the desk; the desk starts runs through what it is given.
	'runtime/triggers': [
		'source',
		'source/api',
		'source/run',
		'source/workflow',
		'runtime/engine/parts.ts',
		'runtime/store',
	],
	// What is to be told to others: kept, sent, tried again. It names secrets and reads their values only to send them.
	'runtime/outbox': ['source', 'source/run', 'source/workflow', 'runtime/engine/parts.ts', 'runtime/store'],
	'runtime/cache': ['source', 'runtime/engine/parts.ts', 'runtime/store'],
	// What tokens cost, and what an attempt will.
	'runtime/costs': ['source', 'source/api', 'source/run', 'source/workflow', 'runtime/engine/parts.ts'],
	// Settings of the workspace and of the user, read again when they change.
	'runtime/settings': ['source', 'source/workflow', 'runtime/engine/parts.ts'],
	'runtime/housekeeping': ['source', 'source/api', 'runtime/store'],
	'runtime/logs': ['source'],
	// Recordings are put together from the journal and from what agent hosts left in their folders.
	'runtime/recordings': ['source', 'source/api', 'source/run', 'runtime/attempts'],
	// What a bundle requires is looked for before its run is accepted.
	'runtime/server': [
		'source',
		'source/tools',
		'source/bundles',
		'source/api',
		'source/run',
		'source/workflow',
		'runtime/engine',
		'runtime/store',
		'runtime/security',
		'runtime/triggers',
		// Registry and desk; what opens tools is in processes of their own.
		'runtime/tools',
		'runtime/outbox',
		'runtime/costs',
		'runtime/housekeeping',
		'runtime/recordings',
		'runtime/logs',
	],
};

/** Packages and built-in modules a room must not load, each with the reason. */
const mustNotLoad: readonly {
	readonly room: string;
	readonly except?: string;
	readonly pattern: RegExp;
	readonly because: string;
}[] = [
	{
		room: 'source/workflow',
		pattern: /^node:(?!path|util)/,
		because: 'the language is pure: no disk, no clock, no process',
	},
	{room: 'source/import', pattern: /^node:(?!path)/, because: 'a file of strangers is read as text, and nothing else'},
	{room: 'source/export', pattern: /^node:(?!path)/, because: 'text in, text out'},
	{room: 'source/run', pattern: /^node:/, because: 'the fold is pure'},
	{
		room: 'runtime/engine',
		pattern: /^node:(fs|http|child_process|sqlite|net)/,
		because: 'the engine decides; rooms act',
	},
	{room: 'source/client', pattern: /^zod/, because: 'a one-shot command must start in milliseconds'},
	{
		room: 'source/cli',
		except: 'source/cli/pastel/',
		pattern: /^(zod|ink|react|pastel)/,
		because: 'the fast path must load none of them',
	},
	{room: 'runtime', pattern: /^(ink|react|pastel)/, because: 'the daemon has no screen'},
	{room: 'source/tui', pattern: /^node:(http|sqlite)/, because: 'the cockpit is given its connection'},
];

interface Import {
	readonly file: string;
	readonly target: string;
	readonly isTypeOnly: boolean;
}

const files = ['source', 'runtime', 'commands', 'themes'].flatMap(folder =>
	globSync(`${folder}/**/*.{ts,tsx}`, {cwd: packageFolder}),
);

const imports: readonly Import[] = files.flatMap(file => {
	const text = readFileSync(path.join(packageFolder, file), 'utf8');
	const found = text.matchAll(
		/(?:^|\n)\s*(?:import|export)\s+(type\s+)?[^'";]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/g,
	);
	return Array.from(found, ([, type, from, dynamic]) => {
		const specifier = (from ?? dynamic)!;
		const target = specifier.startsWith('.') ? path.join(path.dirname(file), specifier) : specifier;
		return {file, target, isTypeOnly: type !== undefined};
	});
});

/** The most specific room of the table that a file is in. */
const roomOf = (file: string): string | undefined => {
	for (let place = file; place !== '.'; place = path.dirname(place)) {
		const name = place.replace(/\.tsx?$/, '');
		if (mayImport[place]) return place;
		if (mayImport[name]) return name;
	}

	return undefined;
};

const isAllowed = ({file, target}: Import): boolean => {
	const room = roomOf(file)!;
	const targetRoom = roomOf(target);
	if (target === 'package.json' || room === targetRoom) return true;
	return (mayImport[room] ?? []).some(
		allowed =>
			allowed === targetRoom ||
			allowed === target ||
			(allowed.endsWith('/*') && target.startsWith(allowed.slice(0, -1))),
	);
};

test('every file belongs to a room of the table', () => {
	expect(files.filter(file => roomOf(file) === undefined)).toEqual([]);
});

test('no room imports another that the table does not name', () => {
	const bans = imports
		.filter(
			({target}) =>
				target.startsWith('source') ||
				target.startsWith('runtime') ||
				target.startsWith('commands') ||
				target.startsWith('themes'),
		)
		.filter(each => !isAllowed(each))
		.map(({file, target}) => `${file} must not import ${target}`);
	expect(bans).toEqual([]);
});

test('no room loads what it must not', () => {
	const bans = imports.flatMap(({file, target, isTypeOnly}) =>
		mustNotLoad
			.filter(({room, pattern}) => !isTypeOnly && file.startsWith(`${room}/`) && pattern.test(target))
			.filter(({except}) => except === undefined || !file.startsWith(except))
			.map(({because}) => `${file} must not load ${target}: ${because}`),
	);
	expect(bans).toEqual([]);
});

test('the rule can fail: an import of the daemon from a client is refused', () => {
	expect(isAllowed({file: 'source/client/client.ts', target: 'runtime/daemon.ts', isTypeOnly: false})).toBe(false);
	expect(isAllowed({file: 'runtime/agents/registry.ts', target: 'runtime/engine/engine.ts', isTypeOnly: false})).toBe(
		false,
	);
});

/** Every file that a file loads, directly or not; types are not loaded. */
const loadedBy = (start: string): ReadonlySet<string> => {
	const seen = new Set<string>();
	const open = [start];
	for (let file = open.pop(); file !== undefined; file = open.pop()) {
		if (seen.has(file)) continue;
		seen.add(file);
		for (const {file: from, target, isTypeOnly} of imports) if (from === file && !isTypeOnly) open.push(target);
	}

	return seen;
};

const opensTools = (file: string) =>
	/^runtime\/tools\/(kinds|call|module|script|openapi|mcp)\b/.test(file) || file.startsWith('@modelcontextprotocol/');

test('the daemon loads nothing that opens a tool', () => {
	expect([...loadedBy('runtime/main.ts')].filter(opensTools)).toEqual([]);
});

test('the rule can fail: the process of one call loads it', () => {
	expect([...loadedBy('runtime/tools/tool-host.ts')].filter(opensTools)).toContain('runtime/tools/mcp/open.ts');
});
