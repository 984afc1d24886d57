// What npm knows to be outdated, split into safe updates and new major versions.
import {spawnSync} from 'node:child_process';
import {appendFileSync, existsSync, readFileSync} from 'node:fs';

const fail = message => {
	console.error(message);
	process.exit(1);
};
if (!existsSync('package.json')) fail('There is no package.json here. Run it in the folder of an npm package.');

const answerOf = file => {
	if (file) return readFileSync(file, 'utf8');
	// It ends with 1 where something is outdated.
	const {stdout, error} = spawnSync('npm', ['outdated', '--json'], {encoding: 'utf8', timeout: 150_000});
	return error ? fail(`npm could not be asked: ${error.message}`) : stdout;
};

const parsed = text => {
	try {
		return JSON.parse(text.trim() || '{}');
	} catch {
		return fail('npm did not answer with JSON.');
	}
};

const answer = parsed(answerOf(process.env.INPUT_OUTDATED));
if (answer.error) fail(`npm could not tell: ${answer.error.summary ?? answer.error.code}`);
const {dependencies = {}, devDependencies = {}} = JSON.parse(readFileSync('package.json', 'utf8'));
const declared = {...dependencies, ...devDependencies};
const numbersOf = version => /^(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);

/** As people mean it: before 1.0.0 a minor version may break things too. */
const stepBetween = (from, to) => {
	if (from[0] !== to[0]) return 'major';
	if (from[1] !== to[1]) return from[0] === 0 ? 'major' : 'minor';
	return 'patch';
};

const found = Object.entries(answer).flatMap(([name, told]) => {
	const {current = told.wanted, latest} = Array.isArray(told) ? told[0] : told;
	const [from, to] = [numbersOf(current ?? ''), numbersOf(latest ?? '')];
	// A link, a file or a pre-release is nobody's to update but yours.
	if (!from || !to || latest.includes('-') || current === latest || !/^[\^~]?\d/.test(declared[name] ?? '')) return [];
	return [{name, current, latest, step: stepBetween(from, to)}];
});
const major = found.filter(({step}) => step === 'major');
const safe = found.filter(({step}) => step !== 'major');
for (const {name, current, latest, step} of found) console.log(`${name} ${current} → ${latest} (${step})`);
if (found.length === 0) console.log('Everything is up to date.');
appendFileSync(process.env.OUTPUT, JSON.stringify({count: found.length, safe, major}));
