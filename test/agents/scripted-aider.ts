#!/usr/bin/env node
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';

/** Prints what Aider's documentation says it prints: `node scripted-aider.ts …flags… --message-file F`. AIDER_SCENE chooses. */
const {argv, env, stdout} = process;
if (argv.includes('--version')) {
	stdout.write('aider 0.99.0\n');
	process.exit(0);
}

const prompt = readFileSync(argv[argv.indexOf('--message-file') + 1]!, 'utf8');
if (env.AIDER_LOG) appendFileSync(env.AIDER_LOG, `${JSON.stringify({args: argv.slice(2), prompt})}\n`);
const banner =
	'Aider v0.99.0\nMain model: gpt-5.1 with diff edit format\nGit repo: .git with 3 files\nRepo-map: using 1024 tokens\n\n';
const scenes: Readonly<Record<string, () => void>> = {
	edit() {
		writeFileSync('out.txt', 'new\n');
		stdout.write(
			`${banner}I changed the file.\n\nTokens: 4.2k sent, 1.1k cache hit, 381 received. Cost: $0.02 message, $0.02 session.\nApplied edit to out.txt\n`,
		);
	},
	unpriced: () => stdout.write(`${banner}Yes.\n\nTokens: 900 sent, 12 received.\n`),
	limited: () =>
		stdout.write(`${banner}litellm.RateLimitError: RateLimitError: Rate limit reached. Please try again in 20s.\n`),
	unauthenticated: () =>
		stdout.write(`${banner}litellm.AuthenticationError: AuthenticationError: Incorrect API key provided\n`),
	recovers: () =>
		stdout.write(
			`${banner}litellm.ServiceUnavailableError: overloaded\nRetrying in 0.2 seconds...\nDone.\n\nTokens: 1k sent, 5 received. Cost: $0.01 message, $0.01 session.\n`,
		),
	hang() {
		stdout.write(`${banner}One word.\n`);
		setInterval(() => {}, 1000);
	},
	crash() {
		process.stderr.write('Traceback (most recent call last)\n');
		process.exit(3);
	},
};
scenes[env.AIDER_SCENE ?? 'edit']!();
