import {counted, percent} from './facts.mjs';

/** The first line of every report, by which a later run knows that it may replace the file. */
export const ownMark = '<!-- Written by the workflow repo-report. A new run replaces this file. -->';

/** The report as Markdown. Pure: everything it says is in its argument. */
export const reportOf = ({writtenAt, agents, repository, signals, activity, risks, ...facts}) =>
	[
		`${ownMark}\n# Repository report`,
		`Written ${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC at commit ${code(repository.commit)}, branch ${code(repository.branch)}.`,
		// The mark stands first, because a reader may get no further.
		...replayNoticeOf(agents),
		'## Judgements',
		judgementOf('Health', activity.health, activity, agents, 'judge-activity'),
		judgementOf('Risk', risks.risk, risks, agents, 'judge-risks'),
		'## Signals\nComputed from the facts, no agent involved.',
		signals.length > 0 ? signals.map(signal => `- ${prose(signal)}`).join('\n') : 'Nothing stands out.',
		...sectionsOf(facts),
		'',
	].join('\n\n');

const judgementOf = (title, verdict, {headline, advice}, agents, stepId) => {
	const agent = agents[stepId];
	const mark = isReplay(agents, stepId)
		? '**From a recording, not about this repository.**'
		: `*Judged by ${agent?.id ? code(agent.id) : 'an agent that is not known'}.*`;
	return [
		`### ${title}: ${prose(verdict)}\n${mark}`,
		prose(headline),
		...(advice.length > 0 ? [advice.map(line => `- ${prose(line)}`).join('\n')] : []),
	].join('\n\n');
};

const replayNoticeOf = agents => {
	const replayed = ['judge-activity', 'judge-risks'].filter(stepId => isReplay(agents, stepId));
	if (replayed.length === 0) return [];
	const what = replayed.length === 1 ? 'One of the judgements comes' : 'The judgements come';
	return [`> **${what} from a recording, not from looking at this repository.** The facts are its own.`];
};

const isReplay = (agents, stepId) => agents[stepId]?.isReplay === true;

const sectionsOf = ({commits, authors, churn, files, markers, dependencies}) => [
	'## Commits',
	`${commits.total} in all${commits.isShallow ? ' (a shallow clone: older ones exist, but not here)' : ''}, ${commits.recent} since ${commits.sinceDate} (${prose(commits.since)}).${commits.lastDate ? ` The last one is of ${commits.lastDate}.` : ''}${commits.firstDate ? ` The first one is of ${commits.firstDate}.` : ''}`,
	...tableOf(
		['Week of', 'Commits'],
		commits.weeks.map(({monday, commits: count}) => [monday, count]),
	),
	'## Authors',
	`Authors: ${authors.count}, of them ${authors.recent} since ${commits.sinceDate}. Bots: ${authors.bots}. Bus factor: ${authors.busFactor} (so many people made half of the commits of people).`,
	...tableOf(
		['Author', 'Commits', 'Share'],
		authors.top.map(({name, commits: count, share, isBot}) => [
			`${prose(name)}${isBot ? ' (bot)' : ''}`,
			count,
			percent(share),
		]),
	),
	'## Most changed files',
	`Tracked files that changed since ${commits.sinceDate}: ${churn.changedFiles}.`,
	...tableOf(
		['File', 'Commits'],
		churn.top.map(({path, commits: count}) => [code(path), count]),
	),
	'## Largest files',
	`Tracked files: ${files.count}, ${sizeOf(files.totalBytes)} together.`,
	...tableOf(
		['File', 'Size'],
		files.top.map(({path, sizeBytes}) => [code(path), sizeOf(sizeBytes)]),
	),
	'## Markers in the code',
	`${counted(markers.total, 'marker')} in ${counted(markers.files, 'file')}: ${Object.entries(markers.byWord)
		.map(([word, count]) => `${word} ${count}`)
		.join(', ')}.`,
	...tableOf(
		['Place', 'Text'],
		markers.top.map(({path, line, text}) => [code(`${path}:${line}`), code(text)]),
	),
	'## Dependencies',
	dependencies.manifestCount === 0
		? 'No manifest of dependencies is tracked.'
		: `Manifests: ${dependencies.manifestCount}.`,
	...tableOf(
		['Manifest', 'Kind', 'Declared'],
		dependencies.manifests.map(({path, kind, declared}) => [code(path), kind, declared ?? 'not counted']),
	),
	dependencies.outdatedCount === null
		? `Outdated dependencies: not known, because ${prose(dependencies.notKnownBecause)}.`
		: `Outdated dependencies: ${dependencies.outdatedCount}.`,
	...tableOf(
		['Dependency', 'Here', 'Latest'],
		dependencies.outdated.map(({name, current, latest}) => [code(name), code(current), code(latest)]),
	),
];

const tableOf = (head, rows) =>
	rows.length === 0 ? [] : [[head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')];

/** Text of others inside a line of Markdown: no HTML, no links, no images, no new lines, no table cells. */
const prose = text =>
	String(text)
		.replaceAll(/\s+/g, ' ')
		.trim()
		.replaceAll(/[\\<[\]|]/g, String.raw`\$&`);

/** Text of others as code, whatever backticks it has itself; usable in a table. */
const code = text => {
	const longest = Math.max(0, ...(String(text).match(/`+/g) ?? []).map(run => run.length));
	const fence = '`'.repeat(longest + 1);
	const gap = longest > 0 ? ' ' : '';
	return `${fence}${gap}${String(text).replaceAll('|', String.raw`\|`)}${gap}${fence}`;
};

const sizeOf = bytes => {
	if (bytes < 1000) return `${bytes} B`;
	if (bytes < 1e6) return `${(bytes / 1000).toFixed(1)} kB`;
	return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
};
