import type {Key} from 'ink';

/** A key as the table names it, and as text where it is being typed. */
export interface KeyPress {
	readonly name: string;
	readonly text: string;
	/** False for one of several keys that arrived at once: pasted, or piled up while the machine was busy. */
	readonly isAlone: boolean;
}

/** @returns The keys in one input event of Ink; a chunk of plain text is a key a character. */
export const keyPressesOf = (input: string, key: Partial<Key>): KeyPress[] => {
	if (key.eventType === 'release') return [];
	const named = namedKeyOf(input, key);
	if (named) return [{name: named, text: '', isAlone: true}];
	const characters = [...input];
	return characters.map(character => ({
		name: nameOfCharacter(character),
		text: isPrintable(character) ? character : '',
		isAlone: characters.length === 1,
	}));
};

const namedKeyOf = (input: string, key: Partial<Key>): string | undefined => {
	if (key.return) return 'enter';
	if (key.escape) return 'esc';
	if (key.tab) return key.shift ? 'shift-tab' : 'tab';
	if (key.backspace || key.delete) return 'backspace';
	for (const [flag, name] of specialKeys) if (key[flag]) return name;
	if (key.ctrl && input !== '') return `ctrl-${input}`;
	if (key.meta) return `alt-${input}`;
	return undefined;
};

const specialKeys = [
	['upArrow', 'up'],
	['downArrow', 'down'],
	['leftArrow', 'left'],
	['rightArrow', 'right'],
	['pageUp', 'pgup'],
	['pageDown', 'pgdn'],
	['home', 'home'],
	['end', 'end'],
] as const;

const nameOfCharacter = (character: string): string => {
	if (character === '\r' || character === '\n') return 'enter';
	if (character === '\t') return 'tab';
	if (character === '\x7f') return 'backspace';
	// A terminal sends ctrl and a letter as the letter's place in the alphabet.
	if (/[\x01-\x1a]/.test(character)) return `ctrl-${String.fromCharCode(character.charCodeAt(0) + 0x60)}`;
	return character === ' ' ? 'space' : character;
};

const isPrintable = (character: string): boolean => !/\p{C}/u.test(character);
