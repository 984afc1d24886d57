// How many commits there are, and how many of them came in which week.
import {counted, dateOf, publish, sinceMoment} from './facts.mjs';
import {git, hasCommits, shallowCommits} from './git.mjs';

const weekSeconds = 7 * 24 * 3600;
const weeksMax = 26;
// The epoch was a Thursday; weeks start on Monday.
const weekOf = seconds => Math.floor((seconds + 3 * 24 * 3600) / weekSeconds);
const mondayOf = week => dateOf(week * weekSeconds - 3 * 24 * 3600);

const {since, seconds: sinceSeconds, argument} = sinceMoment();
const timesOf = (...args) =>
	hasCommits
		? git(['log', '--format=%ct', ...args, 'HEAD', '--'])
				.split('\n')
				.filter(Boolean)
				.map(Number)
		: [];

const recentTimes = timesOf(argument);
const [lastTime] = timesOf('-1');
const firstTime = timesOf('--max-parents=0').reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const total = hasCommits ? Number(git(['rev-list', '--count', 'HEAD', '--'])) : 0;
const isShallow = shallowCommits().length > 0;

const lastWeek = weekOf(Date.now() / 1000);
const firstWeek = Math.max(weekOf(sinceSeconds), lastWeek - weeksMax + 1);
const weeks = Array.from({length: lastWeek - firstWeek + 1}, (_, index) => ({
	monday: mondayOf(firstWeek + index),
	commits: 0,
}));
for (const time of recentTimes) {
	// A commit from a clock that is ahead counts for this week.
	const week = weeks[Math.min(weekOf(time), lastWeek) - firstWeek];
	if (week) week.commits++;
}

const facts = {
	total,
	recent: recentTimes.length,
	since,
	sinceDate: dateOf(sinceSeconds),
	isShallow,
	firstDate: Number.isFinite(firstTime) && !isShallow ? dateOf(firstTime) : null,
	lastDate: lastTime === undefined ? null : dateOf(lastTime),
	daysSinceLast: lastTime === undefined ? null : Math.max(0, Math.floor((Date.now() / 1000 - lastTime) / 86_400)),
	weeks,
};
const most = Math.max(1, ...weeks.map(week => week.commits));
publish(facts, [
	`${counted(total, 'commit')} in all, ${facts.recent} since ${facts.sinceDate} (${since}).`,
	...(isShallow ? ['This is a shallow clone: older commits exist, but not here.'] : []),
	...(facts.lastDate ? [`The last one is of ${facts.lastDate}.`] : []),
	...weeks.map(
		({monday, commits}) =>
			`week of ${monday}  ${String(commits).padStart(5)}  ${'█'.repeat(Math.ceil((commits / most) * 30))}`,
	),
]);
