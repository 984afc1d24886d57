import {chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {describe, expect, test} from 'vitest';
import {
	repositoryIn,
	runReportScript,
	runScript,
	scriptUnder,
	temporaryFolder,
	temporaryRepository,
} from './repository.ts';

const factScripts = ['commits', 'authors', 'churn', 'largest-files', 'markers', 'dependencies'];
const checkRepository = scriptUnder('repo-report', 'Repository');
const signalsScript = scriptUnder('repo-report', 'Signals');
const weirdNames = [
	'with space.txt',
	'line\nfeed.txt',
	'ünïcode 漢字.txt',
	'-n',
	'pipe|tick`.txt',
	'"quoted".txt',
	'\nleading',
];

/** Runs all that comes before the judges and gives the report its standard input. */
const gatherFacts = (folder: string) => {
	const factsOf = (name: string) => {
		const result = runReportScript(name, folder);
		expect(result.stderr).toBe('');
		return result.outputs;
	};

	const facts = {
		repository: {branch: 'main', commit: 'abc1234', remotes: '0'},
		commits: factsOf('commits'),
		authors: factsOf('authors'),
		churn: factsOf('churn'),
		files: factsOf('largest-files'),
		markers: factsOf('markers'),
		dependencies: factsOf('dependencies'),
	};
	const file = path.join(temporaryFolder(), 'signals.mjs');
	writeFileSync(file, signalsScript);
	const {signals} = runScript(['node', file], folder, {stdin: JSON.stringify(facts)}).outputs;
	return {
		...facts,
		signals,
		activity: {health: 'fair', headline: 'Steady work.', advice: ['Write <b>more</b> [tests](http://x).']},
		risks: {risk: 'low', headline: 'Nothing big.', advice: []},
	};
};

const writeReport = (folder: string, facts: unknown, env: Record<string, string> = {}) =>
	runReportScript('write-report', folder, {stdin: JSON.stringify(facts), env});
const reportIn = (folder: string) => readFileSync(path.join(folder, 'REPORT.md'), 'utf8');

describe('the repository check', () => {
	test('names branch and commit, line by line', () => {
		const repository = temporaryRepository();
		repository.write('a', 'a');
		repository.commit();
		const {exitCode, output} = runScript(['sh', '-ec', checkRepository], repository.folder);
		expect(exitCode).toBe(0);
		expect(output).toMatch(/^branch=main\ncommit=[\da-f]{7,}\nremotes=0\n$/);
	});

	test('works without commits and with a detached HEAD', () => {
		const repository = temporaryRepository();
		expect(runScript(['sh', '-ec', checkRepository], repository.folder).output).toContain('commit=(none)\n');
		repository.write('a', 'a');
		repository.commit();
		repository.git('checkout', '--quiet', '--detach');
		expect(runScript(['sh', '-ec', checkRepository], repository.folder).output).toContain('branch=(detached HEAD)\n');
	});

	test('fails with a sentence where there is no repository', () => {
		const folder = temporaryFolder();
		const {exitCode, stderr} = runScript(['sh', '-ec', checkRepository], folder);
		expect(exitCode).toBe(1);
		expect(stderr).toContain(`There is no git working tree at ${folder}`);
		expect(stderr).toContain('Run this workflow from inside a cloned repository.');
	});

	test('fails in a bare repository', () => {
		const repository = temporaryRepository();
		repository.git('config', 'core.bare', 'true');
		expect(runScript(['sh', '-ec', checkRepository], repository.folder).exitCode).toBe(1);
	});
});

describe.each(factScripts)('%s', name => {
	test('works in a repository without commits', () => {
		const {exitCode, stderr, outputs, stdout} = runReportScript(name, temporaryRepository().folder);
		expect(stderr).toBe('');
		expect(exitCode).toBe(0);
		expect(outputs).toBeTypeOf('object');
		expect(stdout).toMatch(/\S\n$/);
	});

	test('says that git found no repository', () => {
		const {exitCode, stderr} = runReportScript(name, temporaryFolder());
		expect(exitCode).toBe(1);
		expect(stderr).toMatch(/^git rev-parse failed: .*not a git repository/);
		expect(stderr.trim().split('\n')).toHaveLength(1);
	});

	test('gives the same facts from a folder inside the repository', () => {
		const repository = temporaryRepository();
		mkdirSync(path.join(repository.folder, 'inside'));
		repository.write('inside/a.txt', 'TODO: one\n');
		repository.write('package.json', '{"dependencies":{"a":"1"}}');
		repository.commit();
		const fromInside = runReportScript(name, path.join(repository.folder, 'inside'));
		expect(fromInside.outputs).toEqual(runReportScript(name, repository.folder).outputs);
	});

	test('prints no control characters, whatever files are called', () => {
		const repository = temporaryRepository();
		repository.write('\u001b[31mred\u202e.txt', 'TODO \u001b[2J\n');
		repository.commit('Eve \u202eevil');
		expect(runReportScript(name, repository.folder).stdout).not.toMatch(/[\u001b\u202e]/);
	});
});

describe('commits', () => {
	test('counts all of them, the recent ones, and those of each week', () => {
		const repository = temporaryRepository();
		for (const [index, days] of [400, 10, 3].entries()) {
			repository.write('a', String(index));
			repository.commit('Ada', new Date(Date.now() - days * 86_400_000).toISOString());
		}

		const {outputs} = runReportScript('commits', repository.folder);
		expect(outputs).toMatchObject({total: 3, recent: 2, daysSinceLast: 3, isShallow: false});
		expect(outputs.weeks.reduce((sum: number, week: {commits: number}) => sum + week.commits, 0)).toBe(2);
	});

	test('counts a commit from the future for this week', () => {
		const repository = temporaryRepository();
		repository.write('a', 'a');
		repository.commit('Ada', new Date(Date.now() + 40 * 86_400_000).toISOString());
		const {outputs} = runReportScript('commits', repository.folder);
		expect(outputs.weeks.at(-1).commits).toBe(1);
		expect(outputs.daysSinceLast).toBe(0);
	});

	test('refuses a date that git cannot read', () => {
		const {exitCode, stderr} = runReportScript('commits', temporaryRepository().folder, {env: {INPUT_SINCE: 'blah'}});
		expect(exitCode).toBe(1);
		expect(stderr).toContain('is no date in the past: "blah"');
	});

	test('takes a hostile date for a date only', () => {
		const repository = temporaryRepository();
		runReportScript('commits', repository.folder, {env: {INPUT_SINCE: '$(touch pwned); "; touch pwned \''}});
		runReportScript('commits', repository.folder, {env: {INPUT_SINCE: '--output=pwned'}});
		expect(existsSync(path.join(repository.folder, 'pwned'))).toBe(false);
	});

	test('says that a shallow clone is one', () => {
		const repository = temporaryRepository();
		for (const text of ['1', '2', '3']) {
			repository.write('a', text);
			repository.write('other', 'same');
			repository.commit();
		}

		const clone = temporaryFolder();
		repository.git('clone', '--quiet', '--depth=2', `file://${repository.folder}`, clone);
		const {outputs} = runReportScript('commits', clone);
		expect(outputs).toMatchObject({total: 2, isShallow: true, firstDate: null});
		// The oldest commit that is here seems to have added every file; that is not churn.
		expect(runReportScript('churn', clone).outputs.top).toEqual([{path: 'a', commits: 1}]);
	});
});

describe('authors', () => {
	test('finds how many people made half of the commits, without the bots', () => {
		const repository = temporaryRepository();
		const commits = ['Ada', 'Ada', 'Ada', 'Bob', 'Bob', 'Cyd', 'Dee', 'helper[bot]', 'helper[bot]'];
		for (const [index, author] of commits.entries()) {
			repository.write('a', String(index));
			repository.commit(author);
		}

		const {outputs} = runReportScript('authors', repository.folder);
		expect(outputs).toMatchObject({count: 4, bots: 1, recent: 4, busFactor: 2});
		expect(outputs.top[0]).toEqual({name: 'Ada', commits: 3, share: 1 / 3, isBot: false});
	});

	test('lists many authors up to `top` and never an address', () => {
		const repository = temporaryRepository();
		for (let index = 0; index < 25; index++) {
			repository.write('a', String(index));
			repository.commit(`Author ${index}`);
		}

		const result = runReportScript('authors', repository.folder, {env: {INPUT_TOP: '3'}});
		expect(result.outputs).toMatchObject({count: 25, busFactor: 13});
		expect(result.outputs.top).toHaveLength(3);
		expect(result.stdout + result.output).not.toContain('@');
	});
});

test('a `top` out of range is refused', () => {
	const {exitCode, stderr} = runReportScript('authors', temporaryRepository().folder, {env: {INPUT_TOP: '0'}});
	expect(exitCode).toBe(1);
	expect(stderr).toBe('The input `top` must be between 1 and 100.\n');
});

test('odd file names are counted, measured and searched, each as one file', () => {
	const repository = temporaryRepository();
	for (const name of weirdNames) repository.write(name, 'FIXME: here\n');
	repository.commit();
	for (const name of weirdNames) repository.write(name, 'FIXME: here too\n');
	repository.commit();

	const shown = weirdNames.map(name => name.replace('\n', '\\n')).sort();
	const {churn, files, markers} = {
		churn: runReportScript('churn', repository.folder).outputs,
		files: runReportScript('largest-files', repository.folder).outputs,
		markers: runReportScript('markers', repository.folder).outputs,
	};
	expect(churn.top.map((file: {path: string}) => file.path).sort()).toEqual(shown);
	expect(churn.top.every((file: {commits: number}) => file.commits === 2)).toBe(true);
	expect(files.top.map((file: {path: string}) => file.path).sort()).toEqual(shown);
	expect(files.totalBytes).toBe(weirdNames.length * 'FIXME: here too\n'.length);
	expect(markers.top.map((place: {path: string}) => place.path).sort()).toEqual(shown);
	expect(markers.byWord.FIXME).toBe(weirdNames.length);
});

test.skipIf(process.platform === 'darwin')('a name that is no UTF-8 is still a file', () => {
	const repository = temporaryRepository();
	const name = Buffer.concat([Buffer.from(`${repository.folder}/`), Buffer.from([0x66, 0xff, 0x66])]);
	writeFileSync(name, '12345');
	repository.commit();
	expect(runReportScript('largest-files', repository.folder).outputs).toMatchObject({count: 1, totalBytes: 5});
});

test('deleted files, links and submodule folders do not disturb the sizes', () => {
	const repository = temporaryRepository();
	repository.write('gone', 'x');
	repository.write('stays', 'xyz');
	symlinkSync('nowhere', path.join(repository.folder, 'link'));
	repository.commit();
	repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
	repository.git('rm', '--quiet', '--cached', 'gone');
	const {outputs} = runReportScript('largest-files', repository.folder);
	expect(outputs.top.map((file: {path: string}) => file.path)).toEqual(['link', 'stays']);
});

test('only whole words in text files are markers', () => {
	const repository = temporaryRepository();
	repository.write('a.txt', 'TODOS\nmktemp XXXXXX\n// TODO: one FIXME\n\ttodo\n');
	repository.write('b.bin', '\0TODO\0');
	repository.commit();
	const {outputs} = runReportScript('markers', repository.folder);
	expect(outputs.total).toBe(1);
	expect(outputs.top).toEqual([{word: 'FIXME', path: 'a.txt', line: 3, text: '// TODO: one FIXME'}]);
});

test('settings of the user do not change the facts', () => {
	const repository = temporaryRepository();
	repository.write('a', 'TODO\n');
	repository.commit();
	const before = factScripts.map(name => runReportScript(name, repository.folder).outputs);
	const settings = {
		'color.ui': 'always',
		'log.showSignature': 'true',
		'log.date': 'relative',
		'log.decorate': 'full',
		'grep.column': 'true',
		'grep.patternType': 'fixed',
		'grep.fullName': 'false',
		'status.relativePaths': 'true',
		'diff.noprefix': 'true',
	};
	for (const [key, value] of Object.entries(settings)) repository.git('config', key, value);
	expect(factScripts.map(name => runReportScript(name, repository.folder).outputs)).toEqual(before);
});

describe('dependencies', () => {
	/** A repository with a lock file, and a program called npm that does what the test says. */
	const askNpm = (npm: string, env: Record<string, string> = {}) => {
		const repository = temporaryRepository();
		repository.write('package.json', '{"dependencies":{"left":"^1.0.0","right":"^2.0.0"}}');
		repository.write(
			'package-lock.json',
			'{"packages":{"node_modules/left":{"version":"1.0.0"},"node_modules/right":{"version":"2.0.0"}}}',
		);
		repository.commit();
		const bin = temporaryFolder();
		writeFileSync(path.join(bin, 'npm'), `#!/bin/sh\n${npm}\n`);
		chmodSync(path.join(bin, 'npm'), 0o755);
		const {PATH} = process.env;
		return runReportScript('dependencies', repository.folder, {
			env: {INPUT_ONLINE: 'true', PATH: `${bin}:${path.dirname(process.execPath)}:${PATH}`, ...env},
		});
	};

	test('lists what npm calls outdated, with the locked version where nothing is installed', () => {
		const answer = '{"left":{"wanted":"1.0.0","latest":"3.1.0"},"right":{"current":"2.0.0","latest":"2.0.0"}}';
		const {outputs} = askNpm(`echo '${answer}'; exit 1`);
		expect(outputs).toMatchObject({
			outdatedCount: 1,
			notKnownBecause: null,
			outdated: [{name: 'left', current: '1.0.0', latest: '3.1.0'}],
			manifests: [{path: 'package.json', kind: 'npm', declared: 2}],
		});
	});

	test('knows that nothing is outdated', () => {
		expect(askNpm(`echo '{}'`).outputs).toMatchObject({outdatedCount: 0, notKnownBecause: null});
	});

	test.each([
		['a registry out of reach', `echo '{"error":{"code":"ENOTFOUND"}}'; exit 1`, 'npm could not reach its registry'],
		['an answer that is no JSON', 'echo oops', 'npm did not answer with JSON'],
		['no answer in time', 'exec sleep 30', 'npm did not answer within 0.3 seconds'],
	])('says that it is not known after %s', (_, npm, reason) => {
		const {exitCode, outputs, stdout} = askNpm(npm, {REPO_REPORT_NPM_TIMEOUT_MS: '300'});
		expect(exitCode).toBe(0);
		expect(outputs).toMatchObject({outdatedCount: null, notKnownBecause: reason});
		expect(stdout).toContain(`Outdated dependencies: not known, because ${reason}.`);
	});

	test('says that it is not known where npm is missing', () => {
		const onlyGitAndNode = temporaryFolder();
		for (const name of ['git', 'node']) {
			const found = name === 'node' ? process.execPath : runScript(['sh', '-c', 'command -v git'], '/').stdout.trim();
			symlinkSync(found, path.join(onlyGitAndNode, name));
		}

		const {outputs} = askNpm('', {PATH: onlyGitAndNode});
		expect(outputs.notKnownBecause).toBe('npm is not on the PATH');
	});

	test('asks nobody without a lock file', () => {
		const repository = temporaryRepository();
		repository.write('package.json', '{broken');
		repository.write('go.mod', 'module x\n');
		repository.commit();
		const {outputs} = runReportScript('dependencies', repository.folder, {env: {INPUT_ONLINE: 'true'}});
		expect(outputs).toMatchObject({
			manifestCount: 2,
			manifests: [
				{path: 'go.mod', kind: 'Go'},
				{path: 'package.json', declared: null},
			],
			notKnownBecause: 'there is no package.json with an npm lock file',
		});
	});
});

describe('the report', () => {
	const oneCommit = () => {
		const repository = temporaryRepository();
		repository.write('a|b`.txt', 'TODO <script>\n');
		repository.commit('Ada <b>|');
		return repository;
	};

	test('is written with the facts and says where', () => {
		const {folder} = oneCommit();
		const {exitCode, stdout, outputs} = writeReport(folder, gatherFacts(folder), {
			AIWORKFLOW_AGENTS_JSON: '{"judge-activity":{"id":"claude","isReplay":false}}',
		});
		expect(exitCode).toBe(0);
		expect(stdout).toBe('Wrote REPORT.md\n');
		expect(outputs).toEqual({path: 'REPORT.md'});
		const report = reportIn(folder);
		expect(report).toContain('### Health: fair\n*Judged by `claude`.*\n\nSteady work.');
		expect(report).toContain('### Risk: low\n*Judged by an agent that is not known.*');
		expect(report).toContain('| `` a\\|b`.txt `` | 1 |');
		expect(report).not.toContain('recording');
	});

	test('marks every judgement that came from a recording', () => {
		const {folder} = oneCommit();
		const replay = {id: 'replay', isReplay: true};
		writeReport(folder, gatherFacts(folder), {
			AIWORKFLOW_AGENTS_JSON: JSON.stringify({'judge-activity': replay, 'judge-risks': replay}),
		});
		const report = reportIn(folder);
		expect(report).toContain('> **The judgements come from a recording, not from looking at this repository.**');
		expect(report.match(/\*\*From a recording, not about this repository\.\*\*/g)).toHaveLength(2);
		expect(report).not.toContain('Judged by');
	});

	test('marks one judgement where only one came from a recording', () => {
		const {folder} = oneCommit();
		writeReport(folder, gatherFacts(folder), {
			AIWORKFLOW_AGENTS_JSON:
				'{"judge-activity":{"id":"claude","isReplay":false},"judge-risks":{"id":"replay","isReplay":true}}',
		});
		const report = reportIn(folder);
		expect(report).toContain('> **One of the judgements comes from a recording');
		expect(report).toContain('### Health: fair\n*Judged by `claude`.*');
		expect(report).toContain('### Risk: low\n**From a recording, not about this repository.**');
	});

	test('lets no name or answer become HTML or a link', () => {
		const {folder} = oneCommit();
		writeReport(folder, gatherFacts(folder));
		expect(reportIn(folder)).toContain('Write \\<b>more\\</b> \\[tests\\](http://x).');
		expect(reportIn(folder)).toContain('| Ada b\\| |');
	});

	test('can be written for a repository without commits', () => {
		const {folder} = temporaryRepository();
		expect(writeReport(folder, gatherFacts(folder)).exitCode).toBe(0);
		expect(reportIn(folder)).toContain('- There are no commits yet.');
	});

	test('replaces an earlier one, but never a file of somebody else', () => {
		const {folder, write} = oneCommit();
		const facts = gatherFacts(folder);
		writeReport(folder, facts);
		expect(writeReport(folder, facts).exitCode).toBe(0);
		write('REPORT.md', 'mine');
		const {exitCode, stderr} = writeReport(folder, facts);
		expect(exitCode).toBe(1);
		expect(stderr).toContain('REPORT.md exists and was not written by this workflow');
		expect(reportIn(folder)).toBe('mine');
	});

	test('makes the folders it needs', () => {
		const {folder} = oneCommit();
		const {outputs} = writeReport(folder, gatherFacts(folder), {INPUT_OUTPUT: 'docs/deep/report.md'});
		expect(outputs).toEqual({path: 'docs/deep/report.md'});
		expect(existsSync(path.join(folder, 'docs/deep/report.md'))).toBe(true);
	});

	test.each([
		['../outside.md', 'is not inside'],
		['/tmp/outside.md', 'is not inside'],
		['.', 'is not inside'],
		['.git/hooks/report.md', 'is inside the folder of git itself'],
		['link/new/report.md', 'through a link'],
		['folder', 'is no ordinary file'],
	])('is not written to %s', (output, reason) => {
		const {folder} = oneCommit();
		const elsewhere = temporaryFolder();
		symlinkSync(elsewhere, path.join(folder, 'link'));
		mkdirSync(path.join(folder, 'folder'));
		const {exitCode, stderr} = writeReport(folder, gatherFacts(folder), {INPUT_OUTPUT: output});
		expect(exitCode).toBe(1);
		expect(stderr).toContain(reason);
		expect(existsSync(path.join(elsewhere, 'new'))).toBe(false);
	});
});

test('a repository inside another one is the one reported on', () => {
	const outer = temporaryRepository();
	outer.write('a', 'a');
	outer.commit();
	mkdirSync(path.join(outer.folder, 'inner'));
	const inner = repositoryIn(path.join(outer.folder, 'inner'));
	inner.git('init', '--quiet');
	expect(runReportScript('commits', inner.folder).outputs.total).toBe(0);
});
