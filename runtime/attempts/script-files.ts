import {mkdirSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import type {ScriptLanguage, ScriptStep} from '../../source/workflow/definition.ts';
import type {AttemptContext} from '../engine/parts.ts';

/** Writes what a script reads into the folder of its attempt; @returns what to run. */
export const prepareScript = (context: AttemptContext, step: ScriptStep) => {
	const {folder, stdin} = context;
	mkdirSync(folder, {recursive: true, mode: 0o700});
	const write = (name: string, content: string) => {
		const file = path.join(folder, name);
		writeFileSync(file, content, {mode: 0o600});
		return file;
	};

	const outputFile = write('output', '');
	return {
		argv: argvOf[step.language](step.code, (name: string) => write(name, step.code)),
		environment: {...context.environment, OUTPUT: outputFile},
		stdinFile: stdin === undefined ? undefined : write('stdin', stdin),
	};
};

type Argv = (code: string, write: (name: string) => string) => readonly string[];

/**
 * JavaScript and TypeScript are given as text, so that `import` looks for packages from the step's working folder.
 * The interpreter is the daemon's own Node.
 */
const argvOf: Readonly<Record<ScriptLanguage, Argv>> = {
	sh: (_, write) => ['/bin/sh', '-e', write('script.sh')],
	bash: (_, write) => ['bash', '-eo', 'pipefail', write('script.sh')],
	python: (_, write) => ['python3', write('script.py')],
	js: code => [process.execPath, '--input-type=module', '--eval', code],
	ts: code => [process.execPath, '--input-type=module-typescript', '--no-warnings=ExperimentalWarning', '--eval', code],
};
