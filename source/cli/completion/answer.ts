import {type Candidate, nextOf} from './candidates.ts';
import {sourceOf} from './sources.ts';
import {readCommandTree} from './tree.ts';

/**
 * Answers a shell: the first line says what else may come there (`values`, `files`, `folders`), each line after it is a
 * candidate and, behind a tab, what it is. Says nothing where anything goes wrong: a person is typing.
 *
 * @param asked The shell, then the words behind the name of the program; the last one is being typed.
 */
export const answerShell = async ([shell, ...words]: readonly string[]): Promise<void> => {
	try {
		process.stdout.write(await answerTo(shell === 'bash' ? joinedAtEquals(words) : words, shell === 'bash'));
	} catch {
		process.stdout.write('values\n');
	}
};

const answerTo = async (words: readonly string[], isBash: boolean): Promise<string> => {
	const next = nextOf(words, readCommandTree());
	const current = words.at(-1) ?? '';
	if (next.kind === 'words') return linesOf('values', fitting(next.candidates, current, ''));
	const {candidates, places = 'values'} = await sourceOf(next)(next, process.cwd());
	const typed = current.slice(next.prefix.length);
	// `running,fa`: what stands before the comma stays.
	const list =
		/^(?:statuses|names)$/.test(next.name) || next.option === 'agent' ? typed.slice(0, typed.lastIndexOf(',') + 1) : '';
	// Bash completes what stands behind the equals sign only.
	const prefix = isBash ? list : `${next.prefix}${list}`;
	return linesOf(places, fitting(candidates, typed.slice(list.length), prefix));
};

const fitting = (candidates: readonly Candidate[], typed: string, prefix: string): readonly Candidate[] =>
	candidates
		.filter(({value}) => value.startsWith(typed))
		.map(({value, about}) => ({value: `${prefix}${value}`, about}));

const linesOf = (places: string, candidates: readonly Candidate[]): string =>
	`${[places, ...candidates.filter(({value}) => !/[\n\t]/.test(value)).map(({value, about}) => `${value}\t${about.replaceAll(/[\s\u0000-\u001F]+/g, ' ').slice(0, 80)}`)].join('\n')}\n`;

/** Bash breaks words at `=`: `--status`, `=`, `fa`. */
const joinedAtEquals = (words: readonly string[]): readonly string[] => {
	const joined: string[] = [];
	for (const [index, word] of words.entries()) {
		const last = joined.at(-1);
		const isAfterEquals = words[index - 1] === '=' && last?.startsWith('--') === true && last.endsWith('=');
		if (last?.startsWith('--') === true && !last.includes('=') && word === '=') joined[joined.length - 1] = `${last}=`;
		else if (isAfterEquals) joined[joined.length - 1] = `${last}${word}`;
		else joined.push(word);
	}

	return joined;
};
