import {spawnSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {AiworkflowError} from './errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** @returns The person's editor, as the shell is to read it; as for git: `$VISUAL`, `$EDITOR`, `vi`. */
export const editorOf = (environment: Environment): string => environment.VISUAL || environment.EDITOR || 'vi';

/**
 * Opens a file in the person's editor on this terminal, and waits for its end.
 *
 * @throws AiworkflowError `editor.failed`.
 */
export const editFile = (file: string, environment: Environment = process.env): void => {
	const editor = editorOf(environment);
	// The variable may hold arguments, as in `code --wait`; the file is no part of what the shell reads.
	const {status, signal, error} = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'editor', file], {stdio: 'inherit'});
	if (status === 0) return;
	throw new AiworkflowError({
		code: 'editor.failed',
		message: `The editor \`${editor}\` ${error ? `could not be started: ${error.message}` : `ended with ${signal ?? `exit code ${status}`}`}.`,
		suggestion: 'Set EDITOR to an editor that is installed and waits until you are done. Nothing was changed.',
	});
};

/** A text in a file of its own, for an editor; nobody else may read it. */
export interface DraftFile {
	readonly file: string;
	/** What it holds now. */
	read(): string;
	remove(): void;
}

/** @param name Of the file that the editor is shown; its ending tells the editor what it is. */
export const createDraftFile = (text: string, name: string): DraftFile => {
	const folder = mkdtempSync(path.join(tmpdir(), 'aiworkflow-edit-'));
	const file = path.join(folder, name.replaceAll(/[^\w.-]/g, '_'));
	writeFileSync(file, text, {mode: 0o600});
	return {
		file,
		read() {
			const edited = readFileSync(file, 'utf8');
			// Editors end a file with a line end, whether the text had one or not.
			return text.endsWith('\n') ? edited : edited.replace(/\r?\n$/, '');
		},
		remove: () => rmSync(folder, {recursive: true, force: true}),
	};
};

/**
 * @returns What the person made of the text.
 * @throws AiworkflowError `editor.failed`.
 */
export const editText = (text: string, name: string, environment: Environment = process.env): string => {
	const draft = createDraftFile(text, name);
	try {
		editFile(draft.file, environment);
		return draft.read();
	} finally {
		draft.remove();
	}
};
