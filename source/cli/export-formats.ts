import type {ExportFormat} from '../export/export.ts';

/** Beside the writers, so that the table of options does not load them; as long as theirs by its type. */
const formats: Readonly<Record<ExportFormat, true>> = {
	markdown: true,
	skill: true,
	'claude-command': true,
	'gh-aw': true,
	json: true,
};

export const exportFormats = Object.keys(formats) as ExportFormat[];
