// What one author did: commits of all branches since a moment, and what is not committed.
import {execFileSync} from 'node:child_process';
import {appendFileSync} from 'node:fs';

const git = (...args) =>
	execFileSync('git', args, {encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'pipe']});
const tried = (...args) => {
	try {
		return git(...args).trim();
	} catch {
		return '';
	}
};

if (tried('rev-parse', '--is-inside-work-tree') !== 'true') {
	console.error('There is no git repository here. Run it inside of one.');
	process.exit(1);
}

/** Friday, where today is Monday or the weekend. */
const lastWorkingDay = now => {
	const day = new Date(now);
	do day.setDate(day.getDate() - 1);
	while (day.getDay() % 6 === 0);
	return `${day.getFullYear()}-${String(day.getMonth() + 1).padStart(2, '0')}-${String(day.getDate()).padStart(2, '0')} 00:00`;
};

const {INPUT_SINCE, INPUT_AUTHOR} = process.env;
const since = INPUT_SINCE === 'last working day' ? lastWorkingDay(Date.now()) : INPUT_SINCE;
const author = INPUT_AUTHOR || tried('config', 'user.email');
const hasCommits = tried('rev-parse', '--verify', '--quiet', 'HEAD') !== '';
const log = hasCommits
	? git(
			'log',
			'--all',
			'--no-merges',
			'--date=short',
			`--since=${since}`,
			'--max-count=200',
			'--source',
			'--shortstat',
			'--fixed-strings',
			...(author ? [`--author=${author}`] : []),
			'--format=%x01%ad %S%x09%s',
		)
	: '';
const commits = log
	.split('\u0001')
	.slice(1)
	.map(entry => {
		const [head, ...rest] = entry.trim().split('\n');
		const [when, subject] = head.split('\t');
		const [date, ref] = when.split(' ');
		return {date, branch: ref.replace(/^refs\/(?:heads|remotes)\//, ''), subject, size: rest.join(' ').trim()};
	});
const uncommitted = git('status', '--porcelain').split('\n').filter(Boolean);

console.log(
	`${author || 'Everybody'}, since ${since}: ${commits.length} commit(s), ${uncommitted.length} uncommitted file(s).`,
);
for (const [branch, of] of Object.entries(Object.groupBy(commits, commit => commit.branch))) {
	console.log(`\n${branch}`);
	for (const {date, subject, size} of of) console.log(`- ${date} ${subject}${size ? ` (${size})` : ''}`);
}

if (uncommitted.length > 0)
	console.log(
		`\nNot committed\n${uncommitted
			.slice(0, 30)
			.map(line => `- ${line}`)
			.join('\n')}`,
	);
appendFileSync(
	process.env.OUTPUT,
	JSON.stringify({author: author || 'everybody', since, commits: commits.length, uncommitted: uncommitted.length}),
);
