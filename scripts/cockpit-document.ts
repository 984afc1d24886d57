import {bindings} from '../source/tui/keys/bindings.ts';
import {specialKeyNames} from '../source/tui/keys/key-names.ts';
import {styleNames} from '../source/tui/settings/read-theme.ts';
import {themes} from '../source/tui/theme.ts';

const parts = {keys: keysTable, 'key-names': keyNames, themes: themesTable, styles: stylesList} as const;

/**
 * The parts of docs/cockpit.md that are made from the source: what stands between `<!-- begin keys -->` and
 * `<!-- end keys -->`.
 *
 * @returns The document with them made anew.
 * @throws Error where a part has no place in it.
 */
export const cockpitDocument = (text: string): string => {
	let document = text;
	for (const [name, made] of Object.entries(parts)) {
		const [begin, end] = [`<!-- begin ${name} -->\n`, `<!-- end ${name} -->`];
		const from = document.indexOf(begin);
		const to = document.indexOf(end);
		if (from < 0 || to < from) throw new Error(`docs/cockpit.md has no place for ${name}.`);
		document = `${document.slice(0, from + begin.length)}${made()}\n${document.slice(to)}`;
	}

	return document;
};

function keysTable(): string {
	const rows = bindings.map(
		({action, keys, description, where}) =>
			`| \`${action}\` | ${keys.map(codeOf).join(' ')} | ${cellOf(description)} | ${where.join(', ')} |`,
	);
	return ['| action | keys | does | where |', '|---|---|---|---|', ...rows].join('\n');
}

function keyNames(): string {
	return `One character (\`a\`, \`G\`, \`?\`), \`ctrl-a\` to \`ctrl-z\`, \`alt-a\` to \`alt-z\`, or one of ${specialKeyNames.map(codeOf).join(', ')}.`;
}

function themesTable(): string {
	const rows = Object.values(themes).map(
		({name, background}) =>
			`| \`${name}\` | ${background === undefined ? 'any: the terminal’s own' : codeOf(background)} |`,
	);
	return ['| theme | background it is made for |', '|---|---|', ...rows].join('\n');
}

function stylesList(): string {
	return `${styleNames.map(codeOf).join(', ')}.`;
}

const codeOf = (text: string): string =>
	text.includes('`') ? `\`\` ${text} \`\`` : `\`${text.replaceAll('|', '\\|')}\``;
const cellOf = (text: string): string => text.replaceAll('|', '\\|');
