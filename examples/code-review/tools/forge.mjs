// The tool `forge`: started once for each call, with --<argument>=<value>.
import {spawnSync} from 'node:child_process';
import {parseArgs} from 'node:util';

const {values} = parseArgs({options: {'pull-request': {type: 'string'}, file: {type: 'string'}}});
const {status, error} = spawnSync('gh', ['pr', 'comment', values['pull-request'], '--body-file', values.file], {
	stdio: ['ignore', 'inherit', 'inherit'],
});
if (error)
	console.error(error.code === 'ENOENT' ? 'Posting needs the command gh: https://cli.github.com' : error.message);
process.exit(status ?? 1);
