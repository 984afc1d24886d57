// A mailbox on the disk: `mailbox.mjs list --mail=<place>`, `mailbox.mjs move --mail=<folder>`, `mailbox.mjs move-back`.
import {
	appendFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmdirSync,
	statSync,
} from 'node:fs';
import path from 'node:path';
import {json} from 'node:stream/consumers';
import {parseArgs} from 'node:util';
import {messageOf} from './message.mjs';

const {values, positionals} = parseArgs({
	allowPositionals: true,
	options: {mail: {type: 'string', default: 'mail'}, count: {type: 'string', default: '50'}},
});
const place = values.mail.replace(/^~(?=\/)/, process.env.HOME ?? '~');
const bytesMax = 10 * 1024 * 1024;
const say = outputs => process.env.OUTPUT && appendFileSync(process.env.OUTPUT, JSON.stringify(outputs));

/** `new` and `cur` of a Maildir, else the .eml files of the folder itself. */
const filesIn = folder => {
	const folders = ['new', 'cur'].map(name => path.join(folder, name)).filter(existsSync);
	const isMaildir = folders.length === 2;
	return (isMaildir ? folders : [folder])
		.flatMap(each =>
			readdirSync(each, {withFileTypes: true})
				.filter(entry => entry.isFile())
				.map(entry => path.join(each, entry.name)),
		)
		.filter(file => isMaildir || file.toLowerCase().endsWith('.eml'))
		.sort();
};

const read = () => {
	const found = statSync(place, {throwIfNoEntry: false});
	if (!found) throw new Error(`There is no ${place}. Name your mails with --input mail=<place>.`);
	if (found.isDirectory())
		return filesIn(place).map(file => ({
			file,
			...messageOf(readFileSync(file).subarray(0, bytesMax).toString('latin1')),
		}));
	const parts = readFileSync(place, 'latin1')
		.split(/^From .*\r?\n/m)
		.slice(1);
	if (parts.length === 0) throw new Error(`${place} is no mbox file: no line in it begins with "From ".`);
	return parts.map((text, index) => ({file: `${place}#${index + 1}`, ...messageOf(text)}));
};

const list = () => {
	const all = read();
	const messages = all.slice(0, Number(values.count));
	for (const {from, date, subject} of messages) console.log(`${date} ${from}: ${subject}`);
	console.log(`${messages.length} of ${all.length} message(s).`);
	say({messages, count: messages.length, canMove: statSync(place).isDirectory()});
};

/** Into `<mail>/sorted/<category>/`; a name that is taken there gets a number. */
const move = async () => {
	const moved = (await json(process.stdin)).map(({file, category}) => {
		const folder = path.join(place, 'sorted', category);
		mkdirSync(folder, {recursive: true});
		const {name, ext} = path.parse(file);
		let to = path.join(folder, `${name}${ext}`);
		for (let count = 2; existsSync(to); count++) to = path.join(folder, `${name}-${count}${ext}`);
		renameSync(file, to);
		return {from: file, to};
	});
	for (const {from, to} of moved) console.log(`${from} → ${to}`);
	say({moved});
};

const moveBack = () => {
	for (const {from, to} of JSON.parse(process.env.STEP_OUTPUT_MOVED)) {
		if (existsSync(to) && !existsSync(from)) renameSync(to, from);
		for (const folder of [path.dirname(to), path.dirname(path.dirname(to))]) {
			try {
				rmdirSync(folder);
			} catch {
				// It holds something still.
			}
		}
	}
};

try {
	await {list, move, 'move-back': moveBack}[positionals[0]]();
} catch (error) {
	console.error(error.message);
	process.exit(1);
}
