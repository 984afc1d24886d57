const textMax = 3000;

/** @param raw The bytes of a mail, one character for each. @returns What a person would look at first. */
export const messageOf = raw => {
	const {headers, body} = partOf(raw.replaceAll('\r\n', '\n'));
	return {
		id: headers['message-id'] ?? '',
		from: words(headers.from ?? 'unknown'),
		subject: words(headers.subject ?? '(no subject)'),
		date: Number.isNaN(Date.parse(headers.date)) ? '' : new Date(headers.date).toISOString().slice(0, 16),
		text: textOf(headers, body)
			.replaceAll(/\n{3,}/g, '\n\n')
			.trim()
			.slice(0, textMax),
	};
};

const partOf = raw => {
	const end = raw.indexOf('\n\n');
	const head = (end === -1 ? raw : raw.slice(0, end)).replaceAll(/\n[ \t]+/g, ' ');
	const headers = Object.fromEntries(
		head.split('\n').flatMap(line => {
			const at = line.indexOf(':');
			return at > 0 ? [[line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]] : [];
		}),
	);
	return {headers, body: end === -1 ? '' : raw.slice(end + 2)};
};

/** The plain text of a mail; of one that has only HTML, its words. */
const textOf = (headers, body, depth = 0) => {
	const type = headers['content-type'] ?? 'text/plain';
	const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1];
	if (/^multipart\//i.test(type) && boundary && depth < 5) {
		const parts = body
			.split(`--${boundary}`)
			.slice(1, -1)
			.map(part => partOf(part.replace(/^\n/, '')));
		const readable = parts.filter(part => !/^attachment/i.test(part.headers['content-disposition'] ?? ''));
		const texts = readable.map(part => ({
			type: part.headers['content-type'] ?? 'text/plain',
			text: textOf(part.headers, part.body, depth + 1),
		}));
		return (texts.find(part => /^text\/plain/i.test(part.type)) ?? texts.find(part => part.text))?.text ?? '';
	}

	if (!/^text\//i.test(type)) return '';
	const text = decoded(
		bytesOf(headers['content-transfer-encoding'] ?? '', body),
		/charset="?([\w-]+)/i.exec(type)?.[1],
	);
	return /^text\/html/i.test(type) ? wordsOfHtml(text) : text;
};

const bytesOf = (encoding, text) => {
	if (/^base64$/i.test(encoding)) return Buffer.from(text, 'base64');
	if (!/^quoted-printable$/i.test(encoding)) return Buffer.from(text, 'latin1');
	return Buffer.from(
		text
			.replaceAll(/=\n/g, '')
			.replaceAll(/=([\dA-F]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
		'latin1',
	);
};

const decoded = (bytes, charset = 'utf-8') => {
	try {
		return new TextDecoder(charset).decode(bytes);
	} catch {
		return bytes.toString('latin1');
	}
};

/** `=?utf-8?Q?Gr=C3=BC=C3=9Fe?=` in a header. */
const words = text =>
	decoded(Buffer.from(text, 'latin1'))
		.replaceAll(/(\?=)\s+(=\?)/g, '$1$2')
		.replaceAll(/=\?([\w-]+)\?([BQ])\?([^?]*)\?=/gi, (_, charset, kind, value) =>
			decoded(
				bytesOf(/b/i.test(kind) ? 'base64' : 'quoted-printable', /b/i.test(kind) ? value : value.replaceAll('_', ' ')),
				charset,
			),
		)
		.replaceAll(/\s+/g, ' ');

const entities = {amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' '};
const wordsOfHtml = html =>
	html
		.replaceAll(/<(style|script|head)\b[\s\S]*?<\/\1>/gi, '')
		.replaceAll(/<(?:br|\/p|\/div|\/tr|\/h\d)\b[^>]*>/gi, '\n')
		.replaceAll(/<[^>]*>/g, ' ')
		.replaceAll(/&(amp|lt|gt|quot|nbsp);/g, (_, name) => entities[name])
		.replaceAll(/[ \t]+/g, ' ');
