import type {StepBase} from '../definition.ts';
import type {Sited} from '../expression/site.ts';
import type {Report} from '../text/report.ts';
import type {YamlEntry} from '../yaml/tree.ts';
import {readKeys} from './keys.ts';
import {wrong} from './read-value.ts';
import {readTemplateList} from './templates.ts';

type Undo = NonNullable<StepBase['undo']>;

/** Reads `undo:`, `git` or `{ files: [paths] }`. */
export const readUndo = (report: Report, {key, keyStart, value}: YamlEntry): Sited<Undo> | undefined => {
	if (value.kind === 'broken') return undefined;
	if (value.kind === 'scalar' && value.text === 'git') return {value: {kind: 'git'}, sites: []};
	if (value.kind !== 'map') {
		const suggestion = 'Write `undo: git` or `undo: { files: [path] }`; a script goes into a `sh undo` fence.';
		return wrong(report, key, value, '`git` or a mapping with `files`', suggestion);
	}

	const files = readKeys(report, value, ['files'], [], '`undo`').get('files');
	if (!files) {
		report.error('key.missing', keyStart, '`undo` does not name the files.', 'Write `undo: { files: [path] }`.');
		return undefined;
	}

	const paths = readTemplateList(report, files, 'setting');
	if (paths?.value.length === 0)
		return wrong(report, files.key, files.value, 'a list with a path', 'Write `undo: { files: [path] }`.');
	return paths && {value: {kind: 'files', paths: paths.value}, sites: paths.sites};
};
