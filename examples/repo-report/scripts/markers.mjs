// Where the code says TODO, FIXME, HACK or XXX.
import {counted, publish, topCount} from './facts.mjs';
import {git, textOf, visible} from './git.mjs';

const words = ['FIXME', 'TODO', 'HACK', 'XXX'];
const textCharactersMax = 100;

const flags = ['-z', '-n', '-I', '-w', '-E', '--no-color', '--no-column', '--full-name'];
// Exit code 1 means that nothing was found.
const found = git(['grep', ...flags, '-e', words.join('|'), '--'], {acceptedExitCodes: [0, 1]});

const places = [];
const byWord = Object.fromEntries(words.map(word => [word, 0]));
// A name may hold a line feed but no NUL, so each record is read from its first NUL on.
for (let start = 0; start < found.length; ) {
	const nameEnd = found.indexOf('\0', start);
	const lineEnd = found.indexOf('\n', nameEnd);
	const [, line, text] = /^(\d+)[\0:]([\s\S]*)$/.exec(found.slice(nameEnd + 1, lineEnd));
	const marked = visible(textOf(text).trim());
	const word = words.find(candidate => new RegExp(`\\b${candidate}\\b`).test(marked)) ?? 'TODO';
	byWord[word]++;
	places.push({
		word,
		path: visible(textOf(found.slice(start, nameEnd))),
		line: Number(line),
		text: marked.length > textCharactersMax ? `${marked.slice(0, textCharactersMax)}…` : marked,
	});
	start = lineEnd + 1;
}

const rankOf = ({word}) => words.indexOf(word);
const facts = {
	total: places.length,
	byWord,
	files: new Set(places.map(place => place.path)).size,
	top: places.sort((a, b) => rankOf(a) - rankOf(b)).slice(0, topCount()),
};
publish(facts, [
	`${counted(facts.total, 'marker')} in ${counted(facts.files, 'file')}: ${words.map(word => `${word} ${byWord[word]}`).join(', ')}.`,
	...facts.top.map(({path, line, text}) => `${path}:${line}  ${text}`),
]);
