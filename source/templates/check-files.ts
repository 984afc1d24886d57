import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import type {Diagnostic} from '../workflow/diagnostics.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import {createReport} from '../workflow/text/report.ts';
import {sourceTextOf} from '../workflow/text/source-text.ts';
import type {TemplateFile, TemplateVariable} from './definition.ts';
import {misplacedInMarkdown} from './in-markdown.ts';
import {type MisplacedMarker, misplacedInYaml} from './in-yaml.ts';
import {markersOf} from './markers.ts';

/** How a file takes values: by its ending. All others are copied as they are. */
export const syntaxOf = (file: string): 'markdown' | 'yaml' | undefined =>
	/\.md$/i.test(file) ? 'markdown' : /\.ya?ml$/i.test(file) ? 'yaml' : undefined;

/** @returns Everything that is wrong with the markers of a file. */
export const checkFile = (
	{path: place, bytes}: TemplateFile,
	absolute: string,
	variables: readonly TemplateVariable[],
): Diagnostic[] => {
	const syntax = syntaxOf(place);
	const source = sourceTextOf(bytes.toString(), absolute);
	const report = createReport(source);
	if (syntax && bytes.length > limits.workflowBytesMax) {
		const message = `A file that takes values is at most ${formatSize(limits.workflowBytesMax)} long.`;
		report.error('template.too-large', 0, message, 'Move data and long texts into files of another kind.');
		return report.diagnostics();
	}

	const names = variables.map(({name}) => name);
	const markers = markersOf(source.text);
	if (!syntax) {
		for (const {name, start} of markers.filter(marker => names.includes(marker.name))) {
			const message = `\`<% ${name} %>\` is not replaced here: only Markdown and YAML files take values.`;
			report.error('template.marker-misplaced', start, message, 'Give the workflow an input with this default.');
		}

		return report.diagnostics();
	}

	for (const {name, start} of markers.filter(marker => !names.includes(marker.name))) {
		const message = `The template has no variable \`${name}\`.`;
		report.error('template.variable-unknown', start, message, didYouMean(name, names, 'Declare it in template.yaml.'));
	}

	for (const start of looseEndsOf(source.text)) {
		const message = 'This looks like a marker of a variable, and is none.';
		report.error('template.marker-invalid', start, message, 'Write `<% name %>`, the name on the same line.');
	}

	for (const {name, start, because} of misplacedIn(syntax, source.text))
		report.error('template.marker-misplaced', start, `\`<% ${name} %>\` cannot stand here: ${because}.`);
	return report.diagnostics();
};

const misplacedIn = (syntax: 'markdown' | 'yaml', text: string): MisplacedMarker[] =>
	syntax === 'markdown' ? misplacedInMarkdown(text) : misplacedInYaml(text);

const looseEndsOf = (text: string): number[] => {
	const known = new Set(markersOf(text).map(({start}) => start));
	return Array.from(text.matchAll(/<%[ \t]*[A-Za-z][^\n]*?%>/g), match => match.index).filter(
		start => !known.has(start),
	);
};

/** @returns The names that no file has a marker for. */
export const unusedIn = (
	files: readonly TemplateFile[],
	variables: readonly TemplateVariable[],
): TemplateVariable[] => {
	const used = new Set(
		files.filter(file => syntaxOf(file.path)).flatMap(file => markersOf(file.bytes.toString()).map(({name}) => name)),
	);
	return variables.filter(({name}) => !used.has(name));
};
