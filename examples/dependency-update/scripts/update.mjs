// Writes the new versions into package.json, and has npm install them without running anybody's scripts.
import {spawnSync} from 'node:child_process';
import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';

const updates = JSON.parse(process.env.UPDATES);
const text = readFileSync('package.json', 'utf8');
const manifest = JSON.parse(text);
for (const {name, latest} of updates) {
	for (const kind of ['dependencies', 'devDependencies']) {
		const range = manifest[kind]?.[name];
		if (range !== undefined) manifest[kind][name] = `${/^[\^~]/.exec(range)?.[0] ?? ''}${latest}`;
	}
}

const indentation = /^[ \t]+/m.exec(text)?.[0] ?? '  ';
writeFileSync('package.json', `${JSON.stringify(manifest, null, indentation)}\n`);
for (const {name, current, latest} of updates) console.log(`${name} ${current} → ${latest}`);
if (process.env.INPUT_INSTALL === 'true' && updates.length > 0) {
	const {status, error} = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], {
		stdio: 'inherit',
	});
	if (error || status !== 0) {
		console.error(`npm install did not work${error ? `: ${error.message}` : '.'}`);
		process.exit(1);
	}
}

appendFileSync(process.env.OUTPUT, JSON.stringify({taken: updates.length}));
