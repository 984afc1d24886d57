import {appendFileSync} from 'node:fs';
import {fail, git} from './git.mjs';

/** Prints facts for people (the step's text) and sets them as the outputs of the step. */
export const publish = (facts, lines) => {
	process.stdout.write(lines.map(line => `${line.trimEnd()}\n`).join(''));
	// Without it a person runs the script by hand.
	if (process.env.OUTPUT) appendFileSync(process.env.OUTPUT, `${JSON.stringify(facts)}\n`);
};

/** How many entries a list has: the input `top`. */
export const topCount = () => {
	const top = Number(process.env.INPUT_TOP ?? 10);
	return Number.isInteger(top) && top >= 1 && top <= 100 ? top : fail('The input `top` must be between 1 and 100.');
};

/** The input `since` as written and as the moment git makes of it. */
export const sinceMoment = () => {
	const since = process.env.INPUT_SINCE ?? '90 days ago';
	const seconds = Number(git(['rev-parse', `--since=${since}`]).replace(/^--max-age=/, ''));
	// Git takes what it cannot read as a date for this very moment.
	if (!Number.isFinite(seconds) || (seconds >= Date.now() / 1000 - 5 && since.trim() !== 'now'))
		fail(`The input \`since\` is no date in the past: "${since}". Write it like "90 days ago" or "2026-01-31".`);
	return {since, seconds, argument: `--since=${since}`};
};

export const dateOf = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);
export const percent = share => `${Math.round(share * 100)} %`;
export const counted = (count, noun) => `${count} ${noun}${count === 1 ? '' : 's'}`;
