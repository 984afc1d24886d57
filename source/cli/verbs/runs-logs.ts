import type {Client, OutputChunk} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {stepNotFound, usageInvalid} from '../../errors.ts';
import type {RunView} from '../../run/views.ts';
import {cleanText} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {followRun} from '../follow-run.ts';
import type {OptionsOf, options as tables} from '../options.ts';
import {type Output, write} from '../output.ts';
import type {Verb} from '../verb.ts';

export const showLogs: Verb<typeof tables.runsLogs> = async ({args, options, output}) => {
	const attempt = options.attempt === undefined ? undefined : attemptOf(options.attempt);
	const client = await connect();
	const run = await client.run(args[0]!);
	const stepId = args[1];
	const known = run.steps.map(({id}) => id);
	if (stepId !== undefined && !known.includes(stepId)) throw stepNotFound(run.id, stepId, known);
	const reader = createReader(client, run, options, attempt, output);
	if (stepId !== undefined) await reader.step(stepId, false);
	else if (options.follow) await reader.stepsAsTheyStart();
	else for (const {id} of run.steps.filter(step => step.attempts.length > 0)) await reader.step(id, true);
	return exitCodes.done;
};

const attemptOf = (text: string): number => {
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw usageInvalid(`--attempt takes a number from 1, not "${text}".`, 'See `aiworkflow runs show` for the attempts.');
};

const createReader = (
	client: Client,
	run: RunView,
	{follow, stderr: isOnlyStderr}: OptionsOf<typeof tables.runsLogs>,
	attempt: number | undefined,
	output: Output,
) => {
	const chunksOf = (stepId: string) =>
		follow ? client.followOutput(run.id, stepId, {attempt}) : pages(client, run.id, stepId, attempt);

	const step = async (stepId: string, hasTitle: boolean) => {
		if (hasTitle) await output.print(output.paint.bold(`── ${stepId}`));
		let last = '\n';
		for await (const chunk of chunksOf(stepId)) {
			if (isOnlyStderr && chunk.stream === 'stdout') continue;
			if (chunk.text !== '') last = chunk.text.at(-1)!;
			if (output.isJson) await output.line({stepId, ...chunk});
			else if (chunk.stream === 'stdout' || isOnlyStderr) await output.raw(shown(chunk.text, process.stdout));
			else await write(process.stderr, shown(chunk.text, process.stderr));
		}

		// Neither the next title nor the prompt of the shell belongs behind what a step printed.
		if (last !== '\n' && (hasTitle || process.stdout.isTTY)) await output.print('');
	};

	/** One step after the other, in the order in which they start. */
	const stepsAsTheyStart = async () => {
		for await (const event of followRun(client, run.id)) {
			if (event.type === 'attempt.started' && event.body.attempt === 1) await step(event.body.stepId, true);
		}
	};

	return {step, stepsAsTheyStart};
};

/** A terminal obeys what it is sent; a file or a pipe gets the bytes as they were written. */
const shown = (text: string, stream: {readonly isTTY?: boolean}) =>
	stream.isTTY ? cleanText(text.replaceAll(overprinted, '')) : text;

/** What a progress bar printed and printed over again. */
const overprinted = /[^\n\r]*\r(?=[^\n\r])/g;

async function* pages(
	client: Client,
	runId: string,
	stepId: string,
	attempt: number | undefined,
): AsyncGenerator<OutputChunk> {
	const offsets = {stdout: 0, stderr: 0};
	for (;;) {
		const page = await client.output(runId, stepId, {attempt, ...offsets});
		if (page.chunks.length === 0) return;
		for (const chunk of page.chunks) {
			offsets[chunk.stream] = chunk.nextOffset;
			yield chunk;
		}
	}
}
