import {nearestOf} from '../../workflow/text/nearest.ts';

/** Names of keys that are no character, as `keyPressesOf` gives them. */
export const specialKeyNames = [
	'enter',
	'esc',
	'tab',
	'shift-tab',
	'backspace',
	'space',
	'up',
	'down',
	'left',
	'right',
	'home',
	'end',
	'pgup',
	'pgdn',
] as const;

export interface KeyNameProblem {
	readonly code: 'keyname.unknown' | 'keyname.reserved';
	readonly message: string;
	readonly suggestion: string;
}

/** @returns Why this cannot be the name of a key in the settings; `undefined` where it can. */
export const keyNameProblem = (name: string): KeyNameProblem | undefined => {
	if (name === 'ctrl-c') {
		const message = 'ctrl-c always leaves the cockpit; nothing else can have it.';
		return {code: 'keyname.reserved', message, suggestion: 'Choose another key.'};
	}

	const sentAs = sameAs.get(name);
	if (sentAs !== undefined) {
		const message = `A terminal sends ${name} as \`${sentAs}\`.`;
		return {code: 'keyname.reserved', message, suggestion: `Write \`${sentAs}\`, or choose another key.`};
	}

	if ((specialKeyNames as readonly string[]).includes(name) || /^(?:(?:ctrl|alt)-[a-z]|\S)$/u.test(name)) {
		return undefined;
	}

	const meant = meantBy(name);
	return {
		code: 'keyname.unknown',
		message: `\`${name}\` is no name of a key.`,
		suggestion: meant
			? `Did you mean \`${meant}\`?`
			: `A key is one character, ctrl-a to ctrl-z, alt-a to alt-z, or one of ${specialKeyNames.join(', ')}.`,
	};
};

/** Whether pressing it where text is typed changes the text. */
export const typesText = (name: string): boolean => [...name].length === 1 || name === 'space' || name === 'backspace';

/** A terminal has one byte for both. */
const sameAs: ReadonlyMap<string, string> = new Map([
	['ctrl-i', 'tab'],
	['ctrl-m', 'enter'],
	['ctrl-j', 'enter'],
	['ctrl-h', 'backspace'],
]);

const meantBy = (name: string): string | undefined => {
	const modified = /^(?:(c|ctrl|control)|(a|m|alt|meta|option))[-+ ]?([a-z])$/i.exec(name.replaceAll(/[<>]/g, ''));
	if (modified) return `${modified[1] ? 'ctrl' : 'alt'}-${modified[3]!.toLowerCase()}`;
	const near = nearestOf(name, [...specialKeyNames, ...otherNames.keys()]);
	return near === undefined ? undefined : (otherNames.get(near) ?? near);
};

const otherNames: ReadonlyMap<string, string> = new Map([
	['return', 'enter'],
	['cr', 'enter'],
	['escape', 'esc'],
	['pageup', 'pgup'],
	['pagedown', 'pgdn'],
	['backtab', 'shift-tab'],
	['s-tab', 'shift-tab'],
	['spacebar', 'space'],
	['delete', 'backspace'],
	['bs', 'backspace'],
]);
