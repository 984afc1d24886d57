import {execFile} from 'node:child_process';
import {existsSync} from 'node:fs';
import process from 'node:process';
import {AiworkflowError} from '../errors.ts';
import {toolDeskVariable, toolsVariable} from '../given-tools.ts';
import {bridgeEntry} from '../install.ts';
import {limits} from '../limits.ts';

/** Inside the attempt of an agent: only the tools that the agent was given can be called, and its host is asked first. */
export interface GivenTools {
	/** @throws AiworkflowError `tool.refused`, and what calls of tools fail with. */
	call(name: string, given: Readonly<Record<string, unknown>>): Promise<GivenAnswer>;
	/** Their operations, by `<tool>.<operation>`. @throws AiworkflowError */
	list(): Promise<{readonly tools: readonly GivenOperation[]}>;
}

export interface GivenAnswer {
	readonly outputs: Readonly<Record<string, unknown>>;
	readonly text: string;
}

export interface GivenOperation {
	readonly name: string;
	readonly description?: string;
	readonly inputSchema: Readonly<Record<string, unknown>>;
}

/** @returns `undefined` outside of an agent's attempt. */
export const givenTools = (environment: NodeJS.ProcessEnv = process.env): GivenTools | undefined => {
	const file = environment[toolsVariable];
	if (!file) return undefined;
	const address = environment[toolDeskVariable];
	const ask = <Answer>(...words: readonly string[]): Promise<Answer> => {
		if (!address || !existsSync(file)) return Promise.reject(nothingGiven());
		return answerOf<Answer>([bridgeEntry, file, address, ...words]);
	};

	return {
		call: (name, given) => ask('call', name, JSON.stringify(given)),
		list: () => ask('list'),
	};
};

const nothingGiven = () =>
	new AiworkflowError({
		code: 'tool.refused',
		message: 'This agent was given no tools.',
		suggestion: 'Go on without; a person gives tools with `tools:` in the workflow.',
	});

const answerOf = <Answer>(argv: readonly string[]): Promise<Answer> =>
	new Promise((resolve, reject) => {
		const maxBuffer = 4 * limits.toolAnswerBytesMax;
		execFile(process.execPath, [...argv], {maxBuffer}, (error, stdout, stderr) => {
			const answer = parsed<Answer & {readonly error?: ConstructorParameters<typeof AiworkflowError>[0]}>(stdout);
			if (answer?.error) reject(new AiworkflowError(answer.error));
			else if (answer) resolve(answer);
			else reject(error ?? new Error(stderr.trim() || 'the bridge to the tools said nothing'));
		});
	});

const parsed = <Value>(text: string): Value | undefined => {
	try {
		return JSON.parse(text) as Value;
	} catch {
		return undefined;
	}
};
