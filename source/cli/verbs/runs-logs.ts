import {unitRefOf} from '../../api/step-reference.ts';
import type {Client, OutputChunk} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {stepNotFound, usageInvalid} from '../../errors.ts';
import {unitNameOf} from '../../run/state.ts';
import type {RunView, StepView} from '../../run/views.ts';
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
	const reference = args[1];
	const reader = createReader(client, run, options, attempt, output);
	if (reference !== undefined) {
		const units = unitsOf(run, reference);
		for (const unit of units) await reader.unit(unit, units.length > 1 ? unit : undefined);
	} else if (options.follow) await reader.attemptsAsTheyStart();
	else {
		const units = options.undo ? undoneUnitsOf(run) : run.steps.flatMap(begunUnitsOf);
		for (const unit of units) await reader.unit(unit, unit);
	}

	return exitCodes.done;
};

/** @returns The item that is meant, or the step; of a step of items, all of them. @throws AiworkflowError `step.not-found` */
const unitsOf = (run: RunView, reference: string): string[] => {
	const {stepId, item} = unitRefOf(reference);
	const known = run.steps.map(({id}) => id);
	const step = run.steps.find(({id}) => id === stepId);
	if (!step) throw stepNotFound(run.id, stepId, known);
	if (item !== undefined) return [unitNameOf(stepId, item)];
	return step.items ? begunUnitsOf(step) : [stepId];
};

const begunUnitsOf = ({id, items, attempts, adoptedFrom}: StepView): string[] => {
	if (!items) return attempts.length > 0 || adoptedFrom ? [id] : [];
	// Which of them have begun is not told for all: those that have not have printed nothing.
	return Array.from({length: items.total}, (_, item) => unitNameOf(id, item));
};

const undoneUnitsOf = ({rollback}: RunView): string[] =>
	(rollback?.targets ?? [])
		.filter(({how, status}) => (how === 'script' || how === 'tool') && status !== 'pending')
		.map(({stepId, item}) => unitNameOf(stepId, item));

const attemptOf = (text: string): number => {
	if (/^[1-9]\d*$/.test(text)) return Number(text);
	throw usageInvalid(`--attempt takes a number from 1, not "${text}".`, 'See `aiworkflow runs show` for the attempts.');
};

const createReader = (
	client: Client,
	run: RunView,
	{follow, undo, stderr: isOnlyStderr}: OptionsOf<typeof tables.runsLogs>,
	attempt: number | undefined,
	output: Output,
) => {
	/** @param title Missing: it is the only one. Of an item that printed nothing there is none. */
	const unit = async (name: string, title?: string, which = {attempt, undo}) => {
		let isTitled = title === undefined;
		const printTitle = async () => {
			if (!isTitled) await output.print(output.paint.bold(`── ${title}`));
			isTitled = true;
		};

		if (!name.endsWith(']')) await printTitle();
		let last = '\n';
		const chunks = follow ? client.followOutput(run.id, name, which) : pages(client, run.id, name, which);
		for await (const chunk of chunks) {
			if (isOnlyStderr && chunk.stream === 'stdout') continue;
			await printTitle();
			if (chunk.text !== '') last = chunk.text.at(-1)!;
			if (output.isJson) await output.line({stepId: name, ...chunk});
			else if (chunk.stream === 'stdout' || isOnlyStderr) await output.raw(shown(chunk.text, process.stdout));
			else await write(process.stderr, shown(chunk.text, process.stderr));
		}

		// Neither the next title nor the prompt of the shell belongs behind what a step printed.
		if (last !== '\n' && (title !== undefined || process.stdout.isTTY)) await output.print('');
	};

	/** One attempt after the other, in the order in which they start. */
	const attemptsAsTheyStart = async () => {
		for await (const event of followRun(client, run.id)) {
			if (event.type !== 'attempt.started' || event.body.childRunId !== undefined) continue;
			const {stepId, item, attempt: number} = event.body;
			const name = unitNameOf(stepId, item);
			await unit(name, number === 1 ? name : `${name}, attempt ${number}`, {attempt: number, undo: false});
		}
	};

	return {unit, attemptsAsTheyStart};
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
	which: {readonly attempt: number | undefined; readonly undo: boolean},
): AsyncGenerator<OutputChunk> {
	const offsets = {stdout: 0, stderr: 0};
	for (;;) {
		const page = await client.output(runId, stepId, {...which, ...offsets});
		if (page.chunks.length === 0) return;
		for (const chunk of page.chunks) {
			offsets[chunk.stream] = chunk.nextOffset;
			yield chunk;
		}
	}
}
