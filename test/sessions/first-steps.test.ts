import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {afterEach, expect, test} from 'vitest';
import {builtInAgents} from '../../source/agent-names.ts';
import {mainEntry, packageFolder} from '../../source/install.ts';
import {openSession, type Session} from './session.ts';

const page = readFileSync(path.join(packageFolder, 'docs/first-steps.md'), 'utf8');
/** What the page promises. */
const walkMsMax = 120_000;

const systemPath = '/usr/bin:/bin';

let session: Session;
afterEach(() => session.close());

interface Typed {
	readonly command: string;
	readonly shown: string;
}

/** The commands of a `console` fence, each with what it prints. */
const walkOf = (name: string): readonly Typed[] => {
	const text = new RegExp(`^\`\`\`console ${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(page)![1]!;
	return text
		.split(/^\$ /m)
		.slice(1)
		.map(part => {
			const [command, ...shown] = part.trimEnd().split('\n');
			return {command: command!, shown: shown.join('\n')};
		});
};

/** `…` stands for anything. */
const patternOf = (shown: string): RegExp => {
	const parts = shown.split('…').map(part => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
	return new RegExp(`^${parts.join('[\\s\\S]*?')}$`);
};

/** An empty folder, and a PATH with `aiworkflow`, the programs of the system, and whatever else is given. */
const openEmptyFolder = (programs: Readonly<Record<string, string>>) => {
	session = openSession();
	const folder = path.join(session.home, 'empty');
	const bin = path.join(session.home, 'bin');
	mkdirSync(folder);
	mkdirSync(bin);
	const all = {aiworkflow: `exec "${process.execPath}" "${mainEntry}" "$@"`, ...programs};
	for (const [name, script] of Object.entries(all))
		writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`, {mode: 0o755});
	return {folder, environment: {...session.environment, PATH: `${bin}:${systemPath}`}};
};

const walk = (name: string, programs: Readonly<Record<string, string>>): void => {
	const {folder, environment} = openEmptyFolder(programs);
	const steps = walkOf(name);
	expect(steps.length).toBeLessThanOrEqual(3);
	const startedAtMs = performance.now();
	for (const {command, shown} of steps) {
		const {stdout, status} = spawnSync('sh', ['-c', command], {cwd: folder, env: environment, encoding: 'utf8'});
		expect({command, status}).toEqual({command, status: 0});
		expect(stdout.trimEnd()).toMatch(patternOf(shown));
	}

	expect(performance.now() - startedAtMs).toBeLessThan(walkMsMax);
};

test('from an empty folder to a first useful run with an agent, as the page says', () => {
	const agent = path.join(packageFolder, 'test/agents/scripted-agent.ts');
	walk('with-agent', {
		gemini: `case "$1" in --version) echo 1.2.3 ;; *) exec "${process.execPath}" "${agent}" plan ;; esac`,
	});
}, 150_000);

const installed = systemPath
	.split(':')
	.flatMap(folder =>
		[...builtInAgents, 'claude-agent-acp', 'codex-acp', 'cursor-agent'].map(name => path.join(folder, name)),
	)
	.filter(file => existsSync(file));
if (installed.length > 0)
	console.warn(`${installed[0]} is installed: what is said without an agent is not tested here.`);

test.skipIf(installed.length > 0)(
	'the same without any agent: scripts do what they can, and it is said what to install',
	() => {
		walk('without-agent', {});
	},
	150_000,
);

test.skipIf(installed.length > 0)(
	'`init` twice is harmless, and an agent that does not work is no choice',
	async () => {
		const {folder, environment} = openEmptyFolder({});
		const init = (...args: string[]) => session.aiworkflow(['init', '--json', ...args], {cwd: folder, environment});
		const wrong = await init('--agent', 'claude');
		expect(wrong.code).toBe(2);
		expect(JSON.parse(wrong.stdout).error.message).toContain('Agent "claude" does not work here');
		const unknown = await init('--agent', 'nobody');
		expect(JSON.parse(unknown.stdout).error.code).toBe('agent.unknown');
		expect(JSON.parse((await init('--yes')).stdout)).toMatchObject({
			created: ['.aiworkflow/workflows/plan.md'],
			agent: null,
			next: 'aiworkflow run plan',
		});
		const file = path.join(folder, '.aiworkflow/workflows/plan.md');
		writeFileSync(file, `${readFileSync(file, 'utf8')}\nMine.\n`);
		expect(JSON.parse((await init()).stdout).created).toEqual([]);
		expect(readFileSync(file, 'utf8')).toContain('Mine.');
	},
);
