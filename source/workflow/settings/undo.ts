import type {StepBase, ToolCallSettings} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {wrong} from './read-value.ts';
import {readTemplateList} from './templates.ts';
import {readArguments, readTool} from './tool.ts';

type Undo = NonNullable<StepBase['undo']> | ({readonly kind: 'tool'} & ToolCallSettings);

const example = 'Write `undo: git`, `undo: { files: [path] }` or `undo: { tool: github.close-issue, with: {…} }`';

/** Reads `undo:`, `git`, `{ files: [paths] }` or `{ tool, with }`. */
export const readUndo = (report: Report, {key, keyStart, value}: YamlEntry): Sited<Undo> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && value.text === 'git') return {value: {kind: 'git'}, sites: []};
	if (value.kind !== 'map') {
		const suggestion = `${example}; a script goes into a \`sh undo\` fence.`;
		return wrong(report, key, value, '`git` or a mapping with `files` or `tool`', suggestion);
	}

	const entries = readKeys(report, value, ['files', 'tool', 'with'], [], '`undo`');
	const files = entries.get('files');
	const tool = entries.get('tool');
	if (files && tool) {
		report.error('undo.conflict', tool.keyStart, '`undo` names files and a tool.', 'Keep one of them.');
		return undefined;
	}

	if (tool) return readToolCall(report, tool, entries.get('with'));
	if (!files) {
		report.error('key.missing', keyStart, '`undo` names neither files nor a tool.', `${example}.`);
		return undefined;
	}

	const paths = readTemplateList(report, files, 'setting');
	if (paths?.value.length === 0)
		return wrong(report, files.key, files.value, 'a list with a path', 'Write `undo: { files: [path] }`.');
	return paths && {value: {kind: 'files', paths: paths.value}, sites: paths.sites};
};

const readToolCall = (report: Report, tool: YamlEntry, given: YamlEntry | undefined): Sited<Undo> | undefined => {
	const name = readTool(report, tool);
	const values = given ? readArguments(report, given, 'undo-arguments') : {value: {}, sites: []};
	return name && values && {value: {kind: 'tool', ...name, with: values.value}, sites: values.sites};
};
