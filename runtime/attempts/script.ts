import {readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import {formatDuration, formatSize} from '../../source/units.ts';
import type {ScriptStep} from '../../source/workflow/definition.ts';
import {parseOutputs} from '../../source/workflow/outputs.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Clock} from '../engine/parts.ts';
import {checkedOutputs, checkOutputsSize, outputsInvalid} from './checked-outputs.ts';
import type {OutputWatcher} from './output-watcher.ts';
import {prepareScript} from './script-files.ts';
import {reattachSupervised, type Supervised, type SupervisedExit, startSupervised} from './supervised.ts';
import {tailOf} from './tail.ts';
import {stepTextOfFile} from './text.ts';

export interface ScriptParts {
	readonly clock: Clock;
	readonly output: OutputWatcher;
}

/** Runs script steps as processes that outlive the daemon. */
export const createScriptExecutor = ({clock, output}: ScriptParts): AttemptExecutor => {
	const watch = (context: AttemptContext, supervised: Supervised): AttemptHandle => {
		let reason: 'asked' | 'timed-out' | 'stalled' | 'too-large' | undefined;
		const stop = (why: NonNullable<typeof reason>) => {
			reason ??= why;
			supervised.stop();
		};

		const cancelDeadline =
			context.deadlineAtMs === undefined ? undefined : clock.at(context.deadlineAtMs, () => stop('timed-out'));
		const {idleTimeoutMs} = context.step;
		const idle = idleTimeoutMs === undefined ? undefined : {timeoutMs: idleTimeoutMs, onIdle: () => stop('stalled')};
		const unwatch = output.watch(context, supervised, () => stop('too-large'), idle);
		const outcome = supervised.exit.then(exit => {
			cancelDeadline?.();
			unwatch();
			if (reason === 'asked')
				return {status: 'cancelled' as const, text: stepTextOfFile(supervised.stdoutFile, context.secrets)};
			if (reason) return failed(context, supervised, endings[reason](context));
			return outcomeOf(context, supervised, exit);
		});
		return {outcome, stop: () => stop('asked')};
	};

	return {
		start(context, _report) {
			const step = context.step as ScriptStep;
			return watch(context, startSupervised({...context, ...prepareScript(context, step)}));
		},
		reattach: (context, _report) => watch(context, reattachSupervised(context.folder)),
	};
};

const outcomeOf = (context: AttemptContext, supervised: Supervised, exit: SupervisedExit): AttemptOutcome => {
	if (exit.status === 'interrupted') return exit;
	if (exit.status === 'unstartable') return {status: 'failed', failure: unstartable(context, exit.detail)};
	try {
		if (exit.code !== 0) {
			return {...failed(context, supervised, scriptFailed(context, supervised, exit.code)), exitCode: exit.code};
		}

		// What was written since the watcher last looked.
		if (sizeOf(supervised.stdoutFile) > limits.outputBytesMax || sizeOf(supervised.stderrFile) > limits.outputBytesMax)
			return {...failed(context, supervised, tooLarge(context)), exitCode: exit.code};
		return {
			status: 'completed',
			outputs: outputsOf(context),
			text: stepTextOfFile(supervised.stdoutFile, context.secrets),
		};
	} catch (error) {
		return {...failed(context, supervised, failureOf(error)), exitCode: exit.code};
	}
};

const sizeOf = (file: string): number => statSync(file, {throwIfNoEntry: false})?.size ?? 0;

const failed = (context: AttemptContext, supervised: Supervised, failure: ReturnType<typeof failureOf>) =>
	({status: 'failed', failure, text: stepTextOfFile(supervised.stdoutFile, context.secrets)}) as const;

/** @throws AiworkflowError `outputs.too-large`, `output.invalid`, `output.secret`. */
const outputsOf = (context: AttemptContext): Readonly<Record<string, unknown>> => {
	const {folder, stepId} = context;
	const file = path.join(folder, 'output');
	const found = statSync(file, {throwIfNoEntry: false});
	if (!found?.isFile()) throw outputsInvalid(stepId, ['the script took the file "$OUTPUT" away'], howToWrite);
	const saidOf = (size: string) => `"${stepId}" wrote ${size} to $OUTPUT`;
	checkOutputsSize(found.size, saidOf, 'Write a file and hand over its path.');
	const text = found.size === 0 ? '' : readFileSync(file, 'utf8');
	const {outputs, problem} = parseOutputs(text);
	if (problem) throw outputsInvalid(stepId, [problem], howToWrite);
	return checkedOutputs(context, outputs, howToWrite);
};

const howToWrite = 'Append `name=value` lines, `name<<EOF` blocks or one JSON object to the file "$OUTPUT".';

const scriptFailed = ({stepId, secrets}: AttemptContext, {stderrFile}: Supervised, code: number) => {
	const lastWords = maskText(tailOf(stderrFile, 400), secrets);
	return {
		code: 'script.failed',
		message: `The script ended with exit code ${code}${lastWords ? `: ${lastWords}` : '.'}`,
		suggestion: `Read all of it with \`aiworkflow runs logs <run> ${stepId}\`.`,
	};
};

const timedOut = ({step}: AttemptContext) => ({
	code: 'attempt.timed-out',
	message: `The script was ended: it took longer than its timeout of ${formatDuration(step.timeoutMs ?? step.stepTimeoutMs ?? 0)}.`,
	suggestion: 'Give it more time with `timeout:`, or find out what it waits for.',
	retryable: true,
});

const stalled = ({step}: AttemptContext) => ({
	code: 'attempt.stalled',
	message: `The script was ended: it said nothing for ${formatDuration(step.idleTimeoutMs ?? 0)}.`,
	suggestion: 'Give it longer with `idle-timeout:`, or let it say now and then what it does.',
	retryable: true,
});

const tooLarge = ({stepId}: AttemptContext) => ({
	code: 'output.too-large',
	message: `"${stepId}" was ended: it wrote more than ${formatSize(limits.outputBytesMax)} of output.`,
	suggestion: 'Redirect large output to a file.',
});

const unstartable = ({stepId, cwd}: AttemptContext, detail: string) => ({
	code: 'script.unstartable',
	message: `"${stepId}" could not be started in ${cwd}: ${detail}`,
	suggestion: 'Check that the folder exists, and that inputs and `env:` together stay below about 2 MB.',
});

const endings = {'timed-out': timedOut, 'too-large': tooLarge, stalled} as const;
