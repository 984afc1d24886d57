/**
 * Records a journal of the present version for the replay corpus:
 * `node test/replay-corpus/record.ts [MAIN]`, where MAIN is the `dist/source/main.js` of a built version.
 * Run it once for each release; a journal that was ever written must stay readable.
 */
import {spawn} from 'node:child_process';
import {mkdirSync, rmSync, writeFileSync} from 'node:fs';
import {hostname, userInfo} from 'node:os';
import path from 'node:path';
import {DatabaseSync} from 'node:sqlite';
import {mainEntry, packageFolder} from '../../source/install.ts';

const [, , main = mainEntry] = process.argv;
const home = '/tmp/recorded';
rmSync(home, {recursive: true, force: true});
const workspace = path.join(home, 'work');
mkdirSync(path.join(workspace, '.aiworkflow'), {recursive: true});
const environment = {
	...{PATH: process.env.PATH, HOME: home, AIWORKFLOW_HOME: path.join(home, 'state'), USER: 'tester', LANG: 'C.UTF-8'},
};

const aiworkflow = (...args: string[]): Promise<string> =>
	new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [main, ...args], {
			cwd: workspace,
			env: environment,
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let stdout = '';
		child.stdout.setEncoding('utf8').on('data', text => {
			stdout += text;
		});
		child.on('error', reject);
		child.on('close', () => resolve(stdout));
	});

const write = (name: string, body: string, frontmatter = '') => {
	writeFileSync(path.join(workspace, `${name}.md`), `---\nname: ${name}\n${frontmatter}---\n# ${name}\n\n${body}`);
	return `${name}.md`;
};

const done = write(
	'done',
	'## one\n```sh run\necho hello; echo "n=1" >>"$OUTPUT"\n```\n\n## two\n```yaml step\nif: steps.one.outputs.n == \'2\'\n```\n```sh run\ntrue\n```\n\n## pause\n```yaml step\nwait: 20ms\n```\n',
	'outputs: { n: "${{ steps.one.outputs.n }}" }\n',
);
const fails = write(
	'fails',
	'## one\n```yaml step\ncontinue-on-error: true\n```\n```sh run\nexit 3\n```\n\n## two\n```sh run\necho no >&2; exit 4\n```\n\n## three\n```sh run\ntrue\n```\n',
);
const asks = write(
	'asks',
	'## ask\n```yaml step\napproval: { on-reject: skip }\n```\nGo on?\n\n## after\n```sh run\ntrue\n```\n',
);
const expires = write(
	'expires',
	'## ask\n```yaml step\napproval: { expires: 50ms, on-expire: approve }\n```\nGo on?\n',
);
const sleeps = write('sleeps', '## sleep\n```sh run\nsleep 60\n```\n');
const waits = write(
	'waits',
	'## wait\n```yaml step\nwait: 2100-01-01T00:00:00Z\n```\n\n## after\n```sh run\ntrue\n```\n',
);

const answer = async (verb: 'approve' | 'reject', runId: string) => {
	for (;;) {
		const {approvals} = JSON.parse(await aiworkflow('approvals', 'list', '--json')) as {
			approvals: {id: string; runId: string}[];
		};
		const found = approvals.find(each => each.runId === runId);
		if (found) return aiworkflow('approvals', verb, found.id, '--comment', 'recorded');
	}
};
const detach = async (file: string) =>
	(JSON.parse(await aiworkflow('run', file, '--detach', '--json')) as {runId: string}).runId;

await aiworkflow('run', done);
await aiworkflow('run', fails);
await aiworkflow('run', expires);
await aiworkflow('run', asks, '--yes');
const rejected = await detach(asks);
await answer('reject', rejected);
await aiworkflow('runs', 'watch', rejected);
const cancelled = await detach(sleeps);
await aiworkflow('runs', 'cancel', cancelled);
await aiworkflow('runs', 'watch', cancelled);
await detach(asks);
await detach(waits);
await aiworkflow('run', path.join(packageFolder, 'examples/hello'), '--yes');

const version = (await aiworkflow('--version')).trim().replace(/^.*?(\d+\.\d+\.\d+\S*)$/s, '$1');
const {runs} = JSON.parse(await aiworkflow('runs', 'list', '--json')) as {runs: {id: string}[]};
const views = [];
for (const {id} of runs) views.push(JSON.parse(await aiworkflow('runs', 'show', id, '--json')));
await aiworkflow('daemon', 'stop');

const folder = path.join(packageFolder, 'test/replay-corpus', version);
mkdirSync(folder, {recursive: true});
const user = userInfo().username;
const neutral = (text: string) =>
	text
		.replaceAll(packageFolder, '/opt/aiworkflow')
		.replaceAll(home, '/home/tester/recorded')
		.replaceAll(hostname(), 'host')
		.replaceAll(`"by":"${user}"`, '"by":"tester"')
		.replaceAll(String.raw`\"by\":\"${user}\"`, String.raw`\"by\":\"tester\"`);
const database = new DatabaseSync(path.join(home, 'state/journal.db'));
const tables = database
	.prepare("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	.all() as {name: string; sql: string}[];
const lines = [JSON.stringify(database.prepare('PRAGMA user_version').get())];
for (const {sql} of database.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').all() as {sql: string}[]) {
	lines.push(JSON.stringify({sql}));
}

for (const {name} of tables) {
	for (const row of database.prepare(`SELECT * FROM ${name} ORDER BY 1`).all())
		lines.push(JSON.stringify({table: name, row}));
}

database.close();
writeFileSync(path.join(folder, 'journal.ndjson'), `${neutral(lines.join('\n'))}\n`);
writeFileSync(path.join(folder, 'views.json'), `${neutral(JSON.stringify(views, undefined, '\t'))}\n`);
rmSync(home, {recursive: true, force: true});
process.stdout.write(`${folder}: ${runs.length} runs, ${lines.length} lines\n`);
