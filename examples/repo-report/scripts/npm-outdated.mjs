import {spawn} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {text} from 'node:stream/consumers';
import {visible} from './git.mjs';

const timeLimitMs = Number(process.env.REPO_REPORT_NPM_TIMEOUT_MS ?? 8000);
const quiet = {
	npm_config_fetch_retries: '0',
	npm_config_fetch_timeout: String(timeLimitMs),
	npm_config_update_notifier: 'false',
	npm_config_loglevel: 'silent',
};

/**
 * Asks npm what is outdated in a folder. Runs no script of the project, installs nothing, and gives up after some
 * seconds.
 *
 * @returns `outdated: null` with a `reason` where npm could not say.
 */
export const npmOutdated = async (folder, lockFile) => {
	const {stdout, reason} = await npmAnswer(folder);
	if (reason) return {outdated: null, reason};
	let answer;
	try {
		answer = JSON.parse(stdout.trim() || '{}');
	} catch {
		return {outdated: null, reason: 'npm did not answer with JSON'};
	}

	if (answer.error) return {outdated: null, reason: 'npm could not reach its registry'};
	const locked = lockedVersionsOf(lockFile);
	const outdated = Object.entries(answer)
		.map(([name, entry]) => {
			const {current, latest} = Array.isArray(entry) ? entry[0] : entry;
			// What is not installed has no current version; the lock file knows which one would be.
			return {name: visible(name), current: current ?? locked(name), latest};
		})
		.filter(({current, latest}) => current && latest && current !== latest);
	return {outdated};
};

const npmAnswer = folder =>
	new Promise(resolve => {
		const npm = spawn('npm', ['outdated', '--json'], {
			cwd: folder,
			env: {...process.env, ...quiet},
			stdio: ['ignore', 'pipe', 'ignore'],
		});
		const timer = setTimeout(() => {
			resolve({reason: `npm did not answer within ${timeLimitMs / 1000} seconds`});
			npm.stdout.destroy();
			npm.kill('SIGKILL');
			npm.unref();
		}, timeLimitMs);
		npm.on('error', error => {
			clearTimeout(timer);
			resolve({reason: error.code === 'ENOENT' ? 'npm is not on the PATH' : `npm failed: ${error.message}`});
		});
		text(npm.stdout).then(
			stdout => {
				clearTimeout(timer);
				resolve({stdout});
			},
			() => {},
		);
	});

const lockedVersionsOf = lockFile => {
	try {
		const {packages = {}} = JSON.parse(readFileSync(lockFile, 'utf8'));
		return name => packages[`node_modules/${name}`]?.version;
	} catch {
		return () => undefined;
	}
};
