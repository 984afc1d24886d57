// The diff to review on standard output; what it is about as outputs.
import {execFileSync} from 'node:child_process';
import {appendFileSync} from 'node:fs';

const emptyTree = '4b825dc642cb6eb9a060e54bf8d69288fbee4904';
const uninteresting = ['package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', '*.lock', '*.min.js', '*.map', 'dist/**'];
const git = (...args) =>
	execFileSync('git', args, {encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe']});
const tried = (...args) => {
	try {
		return git(...args).trim();
	} catch {
		return '';
	}
};
const fail = message => {
	console.error(message);
	process.exit(1);
};

/** @returns The commit to compare with. */
const baseOf = wanted => {
	if (wanted)
		return tried('rev-parse', '--verify', '--quiet', `${wanted}^{commit}`) || fail(`git knows no "${wanted}".`);
	for (const name of ['origin/HEAD', 'origin/main', 'origin/master', 'main', 'master']) {
		const common = tried('merge-base', 'HEAD', name);
		if (common && common !== head) return common;
	}

	// On the main branch itself: the last commit.
	return tried('rev-parse', '--verify', '--quiet', 'HEAD~1') || emptyTree;
};

if (tried('rev-parse', '--is-inside-work-tree') !== 'true')
	fail('There is no git repository here. Run it inside of one.');
const head =
	tried('rev-parse', '--verify', '--quiet', 'HEAD') || fail('There is no commit yet, so there is nothing to review.');
const base = baseOf(process.env.INPUT_BASE);
const paths = ['--', '.', ...uninteresting.map(name => `:(exclude,glob)**/${name}`), ':(exclude)reports'];
const options = ['--no-color', '--no-ext-diff', '--unified=5', base];
const diff = git('diff', ...options, ...paths);
const files = git('diff', '--name-only', '-z', ...options, ...paths)
	.split('\0')
	.filter(Boolean);

const linesMax = Number(process.env.INPUT_MAX_LINES);
const all = diff.split('\n');
const isCut = all.length > linesMax;
console.log(isCut ? [...all.slice(0, linesMax), `… ${all.length - linesMax} more lines, not shown`].join('\n') : diff);
const lines = all.filter(line => /^[-+](?![-+]{2} )/.test(line)).length;
appendFileSync(process.env.OUTPUT, JSON.stringify({base: base.slice(0, 12), files, lines, isCut}));
