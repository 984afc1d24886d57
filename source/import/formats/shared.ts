import type {Notes} from '../notes.ts';
import {headingWords} from '../prompt-text.ts';
import type {SourceFile} from '../source-file.ts';

const nameLengthMax = 60;

/** @returns A name that is good for a file as well. */
export const draftName = (text: string): string => {
	const plain = text
		.normalize('NFKD')
		.replaceAll(/\p{M}/gu, '')
		.toLowerCase()
		.replaceAll(/[^a-z0-9]+/g, '-')
		.slice(0, nameLengthMax)
		.replaceAll(/^-+|-+$/g, '');
	return plain || 'imported';
};

/** @returns The text of the first level-1 heading. */
export const titleIn = ({body}: SourceFile): string | undefined => {
	const found = /^#[ \t]+\S.*$/m.exec(body.replaceAll(/^(`{3,}|~{3,})[\s\S]*?^\1/gm, ''))?.[0];
	return found && headingWords(found);
};

export const tellFrontProblem = ({front}: SourceFile, notes: Notes): void => {
	if (!front?.problem) return;
	const {line, message} = front.problem;
	notes.changed(line, 'front matter', `is no valid YAML, so each line was read by itself: ${message}`);
};

/** @param known Keys that somebody else tells of. @param reasons Why a key has no place in a workflow. */
export const tellOtherKeys = (
	{front}: SourceFile,
	notes: Notes,
	known: readonly string[],
	reasons: Readonly<Record<string, string>>,
): void => {
	for (const key of front?.keys ?? []) {
		if (known.includes(key)) continue;
		const reason = Object.hasOwn(reasons, key) ? reasons[key]! : 'is not known here';
		notes.dropped(front!.lineOf(key), key, reason);
	}
};
