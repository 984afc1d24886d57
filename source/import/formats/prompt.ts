import type {Draft} from '../draft.ts';
import {textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {promptTextOf} from '../prompt-text.ts';
import {type SourceFile, stemOf} from '../source-file.ts';
import {draftName, tellFrontProblem, tellOtherKeys, titleIn} from './shared.ts';

/** Any Markdown: all of it is what one agent is told. */
export const readPrompt = (source: SourceFile, notes: Notes): Draft => {
	const {front} = source;
	tellFrontProblem(source, notes);
	tellOtherKeys(source, notes, ['name', 'title', 'description'], {});
	const name = draftName(textOf(front?.value('name')) ?? stemOf(source.file));
	notes.changed(source.bodyLine, 'the text', 'is the prompt of one agent step');
	return {
		name,
		description: textOf(front?.value('description')),
		title: textOf(front?.value('title')) ?? titleIn(source) ?? name,
		settings: {agent: 'auto'},
		steps: [{title: 'Work', text: promptTextOf(source.body, notes, source.lineOf)}],
	};
};
