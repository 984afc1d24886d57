import {createHash} from 'node:crypto';
import path from 'node:path';
import type {RunState} from '../../source/run/state.ts';
import type {AttemptContext} from './parts.ts';

/** What else a result depends on. */
export interface CacheFacts {
	readonly agents: readonly string[];
	readonly item: unknown;
	/** The `key` of the step, evaluated. */
	readonly key: string;
	/** Of the names and contents of the files the step names. */
	readonly filesDigest: string;
}

/**
 * @returns The same for two attempts that would do the same: what is done, with what inputs, variables, standard input and
 * files. In hex; values such as secrets cannot be read out of it.
 */
export const cacheKeyOf = (run: RunState, context: AttemptContext, facts: CacheFacts): string => {
	const {step, definition, environment, stdin, prompt, model, given, cwd, workspace, callArguments} = context;
	const declared = [...Object.keys(definition.env), ...Object.keys(step.env)];
	const what = {
		version: 1,
		kind: step.kind,
		...(step.kind === 'script'
			? {language: step.language, code: step.code}
			: {prompt, model, ...(given && {tools: given.tools})}),
		...(callArguments === undefined ? undefined : {call: callArguments}),
		outputs: step.outputs,
		inputs: run.inputs,
		env: Object.fromEntries(declared.sort().map(name => [name, environment[name]])),
		stdin,
		cwd: path.relative(workspace, cwd),
		workspace,
		...facts,
	};
	return createHash('sha256').update(JSON.stringify(what)).digest('hex');
};
