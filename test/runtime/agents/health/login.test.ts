import {chmodSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {expect, test} from 'vitest';
import {loginOf} from '../../../../runtime/agents/health/login.ts';
import type {AdapterName} from '../../../../runtime/attempts/agent-protocol.ts';
import {scriptedSpec, temporaryFolder} from '../run-agent.ts';

/** What the programs printed when they were asked, on 21 November 2026. */
const claude = (loggedIn: boolean) =>
	`echo '{"loggedIn": ${loggedIn}, "authMethod": "none", "apiProvider": "firstParty"}'; exit ${loggedIn ? 0 : 1}`;
const codexOut = 'echo "Not logged in" >&2; exit 1';
const codexIn = 'echo "Logged in using ChatGPT"';
const opencode = (credentials: string, more = '') =>
	`printf '\\033[0m┌  Credentials \\033[90m~/.local/share/opencode/auth.json\\n│\\n└  ${credentials}\\n${more}'`;
const opencodeKey = opencode(
	'0 credentials',
	'┌  Environment\\n│\\n●  Anthropic \\033[90mANTHROPIC_API_KEY\\n│\\n└  1 environment variable\\n',
);

const program = (name: string, script: string): string => {
	const folder = temporaryFolder();
	writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
	chmodSync(path.join(folder, name), 0o755);
	return folder;
};

interface Asked {
	readonly adapter?: AdapterName;
	readonly command: string;
	readonly environment?: Readonly<Record<string, string>>;
}

const cases: readonly (readonly [name: string, program: string, script: string, asked: Asked, state: string])[] = [
	['claude is logged in', 'claude', claude(true), {command: 'claude-agent-acp'}, 'in'],
	['claude is not', 'claude', claude(false), {command: 'claude-agent-acp'}, 'out'],
	['claude by its own adapter', 'claude', claude(true), {adapter: 'claude', command: 'claude'}, 'in'],
	[
		'an old claude knows no such command',
		'claude',
		'echo "unknown command" >&2; exit 1',
		{command: 'claude'},
		'unknown',
	],
	['codex is logged in', 'codex', codexIn, {command: 'codex-acp'}, 'in'],
	['codex is not', 'codex', codexOut, {command: 'codex-acp'}, 'out'],
	[
		'codex is not, and has a key to work with',
		'codex',
		codexOut,
		{command: 'codex-acp', environment: {CODEX_API_KEY: 'k'}},
		'unknown',
	],
	['opencode has a credential', 'opencode', opencode('1 credentials'), {command: 'opencode'}, 'in'],
	['opencode has a key in the environment', 'opencode', opencodeKey, {command: 'opencode'}, 'in'],
	[
		'opencode has neither, and may use a local model',
		'opencode',
		opencode('0 credentials'),
		{command: 'opencode'},
		'unknown',
	],
	['an agent of which nobody knows how to ask', 'gemini', 'exit 0', {command: 'gemini'}, 'unknown'],
];

test.each(cases)('%s', async (_, name, script, {adapter = 'acp', command, environment}, state) => {
	const folder = program(name, script);
	const spec = scriptedSpec('', {adapter, command, args: []});
	expect(await loginOf(spec, {PATH: `${folder}:/bin:/usr/bin`, ...environment})).toBe(state);
});

test('the program that the adapter will start is the one that is asked', async () => {
	const other = program('my-claude', claude(true));
	const spec = scriptedSpec('', {command: 'claude-agent-acp', args: []});
	const environment = {PATH: '/bin:/usr/bin', CLAUDE_CODE_EXECUTABLE: path.join(other, 'my-claude')};
	expect(await loginOf(spec, environment)).toBe('in');
	expect(await loginOf(spec, {PATH: '/bin:/usr/bin'})).toBe('unknown');
});
