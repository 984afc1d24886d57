// Answers as .eml files, to be opened, changed and sent by a person.
import {createHash} from 'node:crypto';
import {appendFileSync, mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {json} from 'node:stream/consumers';

const oneLine = text => text.replaceAll(/\s+/g, ' ').trim();
/** Mail headers hold ASCII only. */
const encoded = text => (/^[ -~]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`);
/** Only the address counts: a name can be anything. */
const addressOf = from => /<([^<>\s]+@[^<>\s]+)>/.exec(from)?.[1] ?? /[^<>\s"]+@[^<>\s"]+/.exec(from)?.[0];

const answers = (await json(process.stdin)).filter(
	({draft, category}) => draft && ['urgent', 'answer'].includes(category),
);
mkdirSync('drafts', {recursive: true});
for (const {id, file, from, subject, draft} of answers) {
	const headers = [
		['To', addressOf(from)],
		['Subject', encoded(oneLine(/^re:/i.test(subject) ? subject : `Re: ${subject}`))],
		['In-Reply-To', oneLine(id)],
		['X-Unsent', '1'],
		['MIME-Version', '1.0'],
		['Content-Type', 'text/plain; charset=utf-8'],
		['Content-Transfer-Encoding', '8bit'],
	];
	const head = headers.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : [])).join('\r\n');
	const name = `${path
		.parse(file)
		.name.replaceAll(/[^\w.-]+/g, '-')
		.slice(0, 60)}-${createHash('sha256')
		.update(id || file)
		.digest('hex')
		.slice(0, 6)}.eml`;
	writeFileSync(path.join('drafts', name), `${head}\r\n\r\n${draft.trim().replaceAll(/\r?\n/g, '\r\n')}\r\n`);
	console.log(`drafts/${name}`);
}

if (answers.length === 0) console.log('Nothing to answer.');
appendFileSync(process.env.OUTPUT, JSON.stringify({drafts: answers.length}));
