import type {ImportFormat} from '../import/detect.ts';

/** Beside the readers, so that the table of options does not load them; as long as theirs by its type. */
const formats: Readonly<Record<ImportFormat, true>> = {
	skill: true,
	'claude-agent': true,
	'claude-command': true,
	'gh-aw': true,
	'action-blocks': true,
	prompt: true,
};

export const importFormats = Object.keys(formats) as ImportFormat[];
