import {mkdirSync, readFileSync, rmSync} from 'node:fs';
import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import type {NewEvent, PromptDrift} from '../../source/run/events.ts';
import {formatDuration, formatSize} from '../../source/units.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Clock, Report} from '../engine/parts.ts';
import {checkedOutputs, checkOutputsSize} from './checked-outputs.ts';
import {type DirectRequest, type DirectResult, directFilesOf} from './direct-protocol.ts';
import type {OutputWatcher} from './output-watcher.ts';
import {reattachSupervised, type Supervised, type SupervisedExit, startSupervised} from './supervised.ts';
import {tailOf} from './tail.ts';
import {stepTextOfFile} from './text.ts';
import {writeWhole} from './write-whole.ts';

export interface DirectParts {
	readonly clock: Clock;
	readonly output: OutputWatcher;
	/** What runs the direct host, without its folder. */
	readonly hostCommand: readonly string[];
	/** Where servers of tools are kept open between calls; missing: they are not. */
	readonly serversFolder?: string;
}

type Ending = 'asked' | 'timed-out' | 'too-large';

/**
 * Runs `tool:`, `http:`, `transform:` and `sql:` steps, each in a process of its own that outlives the daemon: an endless
 * expression can be killed, and a library that crashes takes nobody along.
 */
export const createDirectExecutor = ({clock, output, hostCommand, serversFolder}: DirectParts): AttemptExecutor => {
	const watch = (context: AttemptContext, supervised: Supervised, report: Report): AttemptHandle => {
		let ending: Ending | undefined;
		const stop = (why: Ending) => {
			ending ??= why;
			supervised.stop();
		};

		const {deadlineAtMs} = context;
		const cancelDeadline = deadlineAtMs === undefined ? undefined : clock.at(deadlineAtMs, () => stop('timed-out'));
		const unwatch = output.watch(context, supervised, () => stop('too-large'));
		const outcome = supervised.exit.then(async exit => {
			cancelDeadline?.();
			unwatch();
			// Of a host that never came to read it.
			rmSync(directFilesOf(context.folder).request, {force: true});
			const result = readJson<DirectResult>(directFilesOf(context.folder).result);
			if (result?.drift) await report([driftEvent(context, result.drift)]);
			return outcomeOf(context, supervised, result, exit, ending);
		});
		return {outcome, stop: () => stop('asked')};
	};

	return {
		start(context, report) {
			const {folder, environment, cwd} = context;
			mkdirSync(folder, {recursive: true, mode: 0o700});
			writeWhole(
				directFilesOf(folder).request,
				JSON.stringify({...requestOf(context), serversFolder} satisfies DirectRequest),
			);
			return watch(context, startSupervised({folder, argv: [...hostCommand, folder], environment, cwd}), report);
		},
		reattach: (context, report) => watch(context, reattachSupervised(context.folder), report),
	};
};

const requestOf = (context: AttemptContext): DirectRequest => {
	const {work, argumentsSha256, runId, stepId, item, generation, cwd, workspace, bundleFolder, definition, secrets} =
		context;
	if (!work) throw new Error(`Nothing says what step ${stepId} does.`);
	const workflow = definition.name;
	const place = {cwd, workspace, bundleFolder, workflow};
	return {version: 1, work, argumentsSha256, runId, stepId, item, generation, ...place, secrets};
};

const outcomeOf = (
	context: AttemptContext,
	supervised: Supervised,
	result: DirectResult | undefined,
	exit: SupervisedExit,
	ending: Ending | undefined,
): AttemptOutcome => {
	const {secrets} = context;
	const text = stepTextOfFile(supervised.stdoutFile, secrets);
	const agent = result?.isReplay ? replayMark : undefined;
	// What was complete before it was stopped stays complete.
	if (result) return {...resultOutcomeOf(context, result), text, ...(agent && {agent}), tries: result.tries};
	if (ending === 'asked') return {status: 'cancelled', text};
	if (ending) return {status: 'failed', failure: endings[ending](context), text};
	if (exit.status === 'interrupted') return exit;
	const failure =
		exit.status === 'unstartable' ? unstartable(context, exit.detail) : died(context, supervised, exit.code);
	return {status: 'failed', failure, text};
};

const driftEvent = ({stepId, item, attempt}: AttemptContext, drift: PromptDrift): NewEvent => ({
	type: 'agent.warned',
	body: {
		...{stepId, item, attempt, drift},
		message: `Step "${stepId}" was answered from a recording made for other arguments.`,
	},
});

const replayMark = {id: 'replay', isReplay: true} as const;

type ResultOutcome = Extract<AttemptOutcome, {readonly status: 'completed' | 'failed'}>;

const resultOutcomeOf = (context: AttemptContext, {outputs, failure}: DirectResult): ResultOutcome => {
	const {stepId, step, secrets} = context;
	try {
		const saidOf = (size: string) => `The outputs of "${stepId}" have ${size}`;
		checkOutputsSize(Buffer.byteLength(JSON.stringify(outputs)), saidOf, askForLess);
		// What is told about a failure is for whoever goes on in spite of it; nothing is declared about it.
		const checked = checkedOutputs(
			failure ? {...context, step: {...step, outputs: undefined}} : context,
			outputs,
			fits,
		);
		if (!failure) return {status: 'completed', outputs: checked};
		return {status: 'failed', failure: {...failure, message: maskText(failure.message, secrets)}, outputs: checked};
	} catch (error) {
		return {status: 'failed', failure: failure ?? failureOf(error)};
	}
};

const askForLess = 'Ask for less: a page, a filter, fewer columns. Large data belongs into a file, by a `run` script.';
const fits = 'Declare under `outputs:` what the answer has, or bring it into shape with a `transform:` step.';

const readJson = <Value>(file: string): Value | undefined => {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Value;
	} catch {
		return undefined;
	}
};

const timedOut = ({step}: AttemptContext) => ({
	code: 'attempt.timed-out',
	message: `The ${step.kind} step was ended: it took longer than its timeout of ${formatDuration(step.timeoutMs ?? step.stepTimeoutMs ?? 0)}.`,
	suggestion: 'Give it more time with `timeout:`, or find out what it waits for.',
	retryable: true,
});

const tooLarge = ({stepId}: AttemptContext) => ({
	code: 'output.too-large',
	message: `"${stepId}" was ended: it wrote more than ${formatSize(limits.outputBytesMax)} of output.`,
	suggestion: 'Ask for less.',
});

const endings = {'timed-out': timedOut, 'too-large': tooLarge} as const;

const unstartable = ({stepId, cwd}: AttemptContext, detail: string) => ({
	code: 'step.unstartable',
	message: `"${stepId}" could not be started in ${cwd}: ${detail}`,
	suggestion: 'Check that the folder exists, and that inputs and `env:` together stay below about 2 MB.',
});

/** A crash of its process: what it was doing may have been done. */
const died = ({stepId, secrets}: AttemptContext, {stderrFile}: Supervised, code: number) => {
	const lastWords = maskText(tailOf(stderrFile, 400), secrets);
	return {
		code: 'step.crashed',
		message: `The process of "${stepId}" ended with exit code ${code} and without an answer${lastWords ? `: ${lastWords}` : '.'}`,
		suggestion: `Read all of it with \`aiworkflow runs logs <run> ${stepId}\`; whether its work was done is not known.`,
	};
};
