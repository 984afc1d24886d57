// The tool `forge`: pull requests in lines, as gh knows them.
import {spawnSync} from 'node:child_process';

const list = (...args) => {
	const {status, error, stdout, stderr} = spawnSync(
		'gh',
		['pr', 'list', ...args, '--limit', '20', '--json', 'number,title,reviewDecision,isDraft'],
		{encoding: 'utf8'},
	);
	if (error?.code === 'ENOENT') throw new Error('the command gh is not there');
	if (error || status !== 0) throw new Error((error?.message ?? stderr).trim());
	return JSON.parse(stdout).map(
		({number, title, isDraft, reviewDecision}) =>
			`- #${number} ${title}${isDraft ? ' (draft)' : ''}${reviewDecision ? ` ${reviewDecision.toLowerCase()}` : ''}`,
	);
};

try {
	console.log(
		['Mine', ...list('--author', '@me'), 'Waiting for my review', ...list('--search', 'review-requested:@me')].join(
			'\n',
		),
	);
} catch (error) {
	console.error(error.message);
	process.exit(1);
}
