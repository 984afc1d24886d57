// Who made the commits, and on how many people the project stands.
import {dateOf, percent, publish, sinceMoment, topCount} from './facts.mjs';
import {git, hasCommits, textOf, visible} from './git.mjs';

// A .mailmap of the repository joins several names of one person. Addresses stay out: a report may be published.
const authorsOf = (...args) =>
	(hasCommits ? git(['shortlog', '--summary', '--numbered', ...args, 'HEAD', '--']) : '')
		.split('\n')
		.filter(Boolean)
		.map(line => {
			const [, commits, name] = /^\s*(\d+)\t(.*)$/.exec(line);
			return {name: visible(textOf(name)) || '(no name)', commits: Number(commits)};
		});

const isBot = ({name}) => /\[bot\]$|^(?:dependabot|renovate)\b/i.test(name);
const sumOf = authors => authors.reduce((sum, author) => sum + author.commits, 0);

const {seconds, argument} = sinceMoment();
const authors = authorsOf();
const people = authors.filter(author => !isBot(author));
const total = sumOf(authors);
const peopleTotal = sumOf(people);

let busFactor = 0;
for (let covered = 0; covered * 2 < peopleTotal; busFactor++) covered += people[busFactor].commits;

const facts = {
	count: people.length,
	bots: authors.length - people.length,
	recent: authorsOf(argument).filter(author => !isBot(author)).length,
	busFactor,
	top: authors.slice(0, topCount()).map(author => ({...author, share: author.commits / total, isBot: isBot(author)})),
};
publish(facts, [
	`Authors: ${facts.count}, of them ${facts.recent} since ${dateOf(seconds)}. Bots: ${facts.bots}.`,
	`Bus factor ${busFactor}: so many people made half of the commits of people.`,
	...facts.top.map(
		({name, commits, share}) => `${String(commits).padStart(6)}  ${percent(share).padStart(5)}  ${name}`,
	),
]);
