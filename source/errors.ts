import type {Diagnostic} from './workflow/diagnostics.ts';
import {nearestOf} from './workflow/text/nearest.ts';

/**
 * What a person or a script sees when something did not work: a fact and the next move.
 * The same shape travels over the API, in `--json` and in journal events.
 */
export interface Failure {
	/** `noun.adjective`, from the catalogue below; stable, safe to match on. */
	readonly code: string;
	/** What happened, with the names of the things involved. */
	readonly message: string;
	/** What to do about it, imperative. */
	readonly suggestion?: string;
	/** Whether the same thing, tried again unchanged, may work. */
	readonly retryable?: boolean;
	/** Unix milliseconds at which a limit resets, where whoever set it said. */
	readonly resetAtMs?: number;
	/** The problems of a workflow file, where the failure is that it has some. */
	readonly diagnostics?: readonly Diagnostic[];
}

/** An expected failure. A programmer's mistake is a plain `Error` instead. */
export class AiworkflowError extends Error implements Failure {
	readonly code: string;
	readonly suggestion?: string;
	readonly retryable: boolean;
	readonly resetAtMs?: number;
	readonly diagnostics?: readonly Diagnostic[];

	constructor(failure: Failure & {readonly cause?: unknown}) {
		super(failure.message, failure.cause === undefined ? undefined : {cause: failure.cause});
		this.name = 'AiworkflowError';
		this.code = failure.code;
		this.suggestion = failure.suggestion;
		this.retryable = failure.retryable ?? false;
		this.resetAtMs = failure.resetAtMs;
		this.diagnostics = failure.diagnostics;
	}
}

/** @returns The plain, serialisable form of any thrown value; what is not ours becomes `internal.unexpected`. */
export const failureOf = (error: unknown): Failure => {
	if (error instanceof AiworkflowError) {
		const {code, message, suggestion, retryable, resetAtMs, diagnostics} = error;
		return {code, message, suggestion, retryable, resetAtMs, diagnostics};
	}

	return {
		code: 'internal.unexpected',
		message: error instanceof Error ? error.message : String(error),
		suggestion: 'This is a defect of aiworkflow: `aiworkflow daemon logs` has the details worth reporting.',
	};
};

// The catalogue: every expected failure has one home here, so that its text, its documentation and its tests agree.

export const usageInvalid = (message: string, suggestion: string) =>
	new AiworkflowError({code: 'usage.invalid', message, suggestion});

export const runNotFound = (id: string) =>
	new AiworkflowError({
		code: 'run.not-found',
		message: `There is no run "${id}".`,
		suggestion: 'List the runs with `aiworkflow runs list`.',
	});

export const runAmbiguous = (id: string, matches: readonly string[]) =>
	new AiworkflowError({
		code: 'usage.invalid',
		message: `"${id}" matches ${matches.length} runs: ${matches.slice(0, 5).join(', ')}.`,
		suggestion: 'Give more characters of the id.',
	});

export const stepNotFound = (runId: string, stepId: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'step.not-found',
		message: `Run ${runId} has no step "${stepId}".`,
		suggestion: meantOrKnown(stepId, known, 'Its steps are'),
	});

export const itemNotFound = (runId: string, stepId: string, item: number, count: number) =>
	new AiworkflowError({
		code: 'step.not-found',
		message: `Step "${stepId}" of run ${runId} has ${count === 0 ? 'no items' : `${count} items`}, so no ${stepId}[${item}].`,
		suggestion:
			count === 0 ? 'Leave the number out.' : `They are ${stepId}[0] to ${stepId}[${count - 1}]; see \`runs show\`.`,
	});

export const approvalNotFound = (id: string) =>
	new AiworkflowError({
		code: 'approval.not-found',
		message: `There is no approval "${id}".`,
		suggestion: 'List the open ones with `aiworkflow approvals list`.',
	});

export const approvalAlreadyAnswered = (id: string, status: string) =>
	new AiworkflowError({
		code: 'approval.answered',
		message: `Approval ${id} is no longer open: it is ${status}.`,
		suggestion: 'See `aiworkflow runs show` for who answered and when.',
	});

export const approvalDenied = (where: string) =>
	new AiworkflowError({
		code: 'approval.denied',
		message: `An approval cannot be answered from inside ${where}: a step must not decide about its own run.`,
		suggestion: 'Answer it yourself, from a terminal that the run did not start.',
	});

/** @param verb What a step would do to the run that it is a part of. */
export const steeringDenied = (verb: string, where: string) =>
	new AiworkflowError({
		code: 'run.denied',
		message: `Run ${where} cannot ${verb} its own run: a step must not decide about the run it is a part of.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});

/** @param verb What a step would do to a workspace. */
export const trustDenied = (verb: string, where: string) =>
	new AiworkflowError({
		code: 'workspace.denied',
		message: `A workspace cannot be ${verb} from inside ${where}: a step must not decide what may run.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});

/** @param verb What a step would do to an agent. */
export const agentSwitchDenied = (verb: string, where: string) =>
	new AiworkflowError({
		code: 'agent.denied',
		message: `An agent cannot be ${verb} from inside ${where}: a step must not decide who works.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});

/** @param verb What a step would do to webhooks. */
export const webhookDenied = (verb: string, where: string) =>
	new AiworkflowError({
		code: 'webhook.denied',
		message: `Webhooks cannot be ${verb} from inside ${where}: a step must not decide what reaches this machine.`,
		suggestion: 'Do it yourself, from a terminal that the run did not start.',
	});

export const webhookPortTaken = (host: string, port: number, cause: NodeJS.ErrnoException) =>
	new AiworkflowError({
		code: 'webhook.port-taken',
		message: `Webhooks cannot be listened for on ${host}, port ${port}: ${cause.message}.`,
		suggestion: 'Choose another one with `--port` or `--host`; `--port 0` takes any that is free.',
		cause,
	});

export const webhookNotFound = (asked: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'webhook.not-found',
		message: `There is no armed webhook "${asked}".`,
		suggestion:
			known.length === 0
				? 'Write `webhook:` under `on:` in a workflow of .aiworkflow/workflows, and run `aiworkflow trust`.'
				: meantOrKnown(asked, known, 'There are'),
	});

export const workflowNotFound = (asked: string, detail: string) =>
	new AiworkflowError({
		code: 'workflow.not-found',
		message: `No workflow "${asked}": ${detail}`,
		suggestion: 'Give a file, a folder with a workflow.md, or a name from `aiworkflow workflow list`.',
	});

/** @param names Files of a folder that could each be its workflow. */
export const bundleAmbiguous = (folder: string, names: readonly string[]) =>
	new AiworkflowError({
		code: 'bundle.ambiguous',
		message: `The folder ${folder} holds no workflow.md, and ${names.length} files could be its workflow: ${names.slice(0, 5).join(', ')}${names.length > 5 ? ', …' : ''}.`,
		suggestion: 'Give one of them, or call the one that is meant workflow.md.',
	});

export const workflowInvalid = (file: string, diagnostics: readonly Diagnostic[]) => {
	const errors = diagnostics.filter(diagnostic => diagnostic.severity === 'error').length;
	return new AiworkflowError({
		code: 'workflow.invalid',
		message: `${file} has ${errors === 1 ? 'one problem' : `${errors} problems`}; nothing was run.`,
		suggestion: 'Mend what is listed, then check with `aiworkflow workflow validate`.',
		diagnostics,
	});
};

export const inputsInvalid = (diagnostics: readonly Diagnostic[]) =>
	new AiworkflowError({
		code: 'inputs.invalid',
		message: ['The inputs do not fit:', ...diagnostics.map(({message}) => message)].join(
			diagnostics.length > 1 ? '\n  ' : ' ',
		),
		suggestion:
			diagnostics.find(diagnostic => diagnostic.suggestion)?.suggestion ?? 'Give inputs with `--input name=value`.',
		diagnostics,
	});

export const agentUnknown = (name: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'agent.unknown',
		message: `There is no agent "${name}".`,
		suggestion: `Known here: ${known.join(', ')}. Take one with \`--agent <name>\`, or describe others in .aiworkflow/agents.yaml.`,
	});

export const scheduleNotFound = (name: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'schedule.not-found',
		message: `There is no schedule "${name}" in this workspace.`,
		suggestion:
			known.length === 0
				? 'No workflow under .aiworkflow/workflows/ has `on: schedule`.'
				: meantOrKnown(name, known, 'Schedules of this workspace'),
	});

export const scheduleAmbiguous = (name: string, matches: readonly string[]) =>
	new AiworkflowError({
		code: 'usage.invalid',
		message: `"${name}" has ${matches.length} schedules: ${matches.join(', ')}.`,
		suggestion: 'Name one of them.',
	});

export const scheduleUnarmed = (name: string, isUntrusted: boolean) =>
	new AiworkflowError({
		code: 'schedule.unarmed',
		message: isUntrusted
			? `The schedule "${name}" does not fire: files of its workspace changed since a person trusted it.`
			: `The schedule "${name}" does not fire: nobody armed its workspace.`,
		suggestion: 'Read the files, then run `aiworkflow schedule start`.',
	});

export const agentUnreachable = (name: string, detail: string) =>
	new AiworkflowError({
		code: 'agent.unreachable',
		message: `Agent "${name}" cannot be started: ${detail}`,
		suggestion: 'Check the command in .aiworkflow/agents.yaml and run `aiworkflow doctor`.',
		retryable: true,
	});

export const workspaceUntrusted = (workspace: string, what: string) =>
	new AiworkflowError({
		code: 'workspace.untrusted',
		message: `The workspace ${workspace} is not trusted, or its ${what} changed since it was.`,
		suggestion: 'Read the files under .aiworkflow/, then run `aiworkflow trust`.',
	});

export const daemonUnreachable = (socket: string, detail: string) =>
	new AiworkflowError({
		code: 'daemon.unreachable',
		message: `The daemon at ${socket} does not answer: ${detail}`,
		suggestion: 'Look at `aiworkflow daemon logs`, then try `aiworkflow daemon start`.',
		retryable: true,
	});

/** An answer that no daemon of ours gives: something else listens, or the two ends are of different versions. */
export const daemonUnintelligible = (socketPath: string, request: string, status: number, body: string) =>
	new AiworkflowError({
		code: 'daemon.unintelligible',
		message: `The daemon at ${socketPath} answered ${request} with status ${status} and no message: ${excerptOf(body)}`,
		suggestion: 'Check with `aiworkflow doctor` that the daemon has the version of this command, or restart it.',
	});

const excerptOf = (body: string) => {
	const line = body.replaceAll(/\s+/g, ' ').trim();
	if (line === '') return '(empty)';
	return line.length > 120 ? `${line.slice(0, 120)}…` : line;
};

export const daemonStopped = () =>
	new AiworkflowError({
		code: 'daemon.stopped',
		message: 'The daemon was stopped.',
		suggestion: 'Start it again with `aiworkflow daemon start`; scripts that were running go on meanwhile.',
		retryable: true,
	});

export const daemonAlreadyRunning = (stateFolder: string, pid: number | undefined) =>
	new AiworkflowError({
		code: 'daemon.already-running',
		message: `Another daemon${pid === undefined ? '' : ` (pid ${pid})`} already serves ${stateFolder}.`,
		suggestion: 'Use it, stop it with `aiworkflow daemon stop`, or set AIWORKFLOW_HOME to another folder.',
	});

export const stateUnwritable = (folder: string, detail: string) =>
	new AiworkflowError({
		code: 'state.unwritable',
		message: `The state folder ${folder} cannot be written: ${detail}`,
		suggestion: 'Mend its permissions or free some space, or set AIWORKFLOW_HOME to a folder of yours.',
	});

export const workspaceUnwritable = (file: string, detail: string) =>
	new AiworkflowError({
		code: 'workspace.unwritable',
		message: `${file} cannot be made: ${detail}`,
		suggestion: 'Mend the permissions, or name a folder of yours with `--workspace <folder>`.',
	});

export const journalUnwritable = (file: string, detail: string) =>
	new AiworkflowError({
		code: 'journal.unwritable',
		message: `The journal ${file} cannot be written (${detail}). The daemon takes no new work; what is journalled is safe.`,
		suggestion:
			'Free some space or mend the disk, then run `aiworkflow daemon stop` and go on: every run continues where it was.',
	});

export const journalCorrupted = (file: string, detail: string) =>
	new AiworkflowError({
		code: 'journal.corrupted',
		message: `The journal ${file} is damaged (${detail}). It was left untouched.`,
		suggestion:
			'Keep a copy of the file, restore it from a backup or with `sqlite3 journal.db .recover`, or move it away to start anew.',
	});

export const runtimeTooOld = (version: string, needed: string) =>
	new AiworkflowError({
		code: 'runtime.too-old',
		message: `aiworkflow needs Node.js ${needed} or newer; this is ${version}.`,
		suggestion: 'Install a current Node.js LTS and run the command again.',
	});

export const runAlreadyEnded = (id: string, status: string) =>
	new AiworkflowError({
		code: 'run.ended',
		message: `Run ${id} has already ended: it is ${status}.`,
		suggestion: 'It goes on with `aiworkflow runs retry`, or as a new run with `aiworkflow runs fork`.',
	});

export const runNotEnded = (id: string) =>
	new AiworkflowError({
		code: 'run.not-ended',
		message: `Run ${id} has not ended yet.`,
		suggestion: 'Wait for it with `aiworkflow runs watch`, or end it with `aiworkflow runs cancel`.',
	});

export const runNotRecorded = (id: string) =>
	new AiworkflowError({
		code: 'run.not-recorded',
		message: `Run ${id} was not started with \`--record\`: what its agents changed was not kept.`,
		suggestion: 'Run the workflow again with `aiworkflow run <workflow> --record`.',
	});

export const stepEnded = (runId: string, stepId: string, status: string) =>
	new AiworkflowError({
		code: 'step.ended',
		message: `Step "${stepId}" of run ${runId} has already ended: it is ${status}.`,
		suggestion: 'Do it again with `aiworkflow runs retry <run> --from <step>` once the run has ended.',
	});

export const runNotPaused = (id: string, status: string) =>
	new AiworkflowError({
		code: 'run.not-paused',
		message: `Run ${id} is not paused: it is ${status}.`,
		suggestion:
			'An ended run goes on with `aiworkflow runs retry`, or from one step with `aiworkflow runs resume --from`.',
	});

export const savepointNotFound = (runId: string, name: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'savepoint.not-found',
		message: `Run ${runId} has no savepoint "${name}".`,
		suggestion:
			known.length > 0
				? meantOrKnown(name, known, 'Its savepoints are')
				: 'Its workflow names none: give a step `savepoint: <name>`, or undo all of it without `--to`.',
	});

export const rollbackNothing = (runId: string) =>
	new AiworkflowError({
		code: 'rollback.nothing',
		message: `Run ${runId} has nothing to undo.`,
		suggestion: 'What can be undone has an `undo` fence or an `undo:` setting, and is undone once.',
	});

export const daemonBusy = (attempts: number, waited: string) =>
	new AiworkflowError({
		code: 'daemon.busy',
		message: `After ${waited} ${attempts === 1 ? '1 attempt still runs' : `${attempts} attempts still run`}; the daemon was not stopped and takes new steps again.`,
		suggestion: 'Wait longer with `--timeout`, or stop it without `--drain`: attempts go on without the daemon.',
		retryable: true,
	});

export const requestTooLarge = (size: string, sizeMax: string) =>
	new AiworkflowError({
		code: 'request.invalid',
		message: `The request has ${size}; the limit is ${sizeMax}.`,
		suggestion: 'Write large values to a file and give its path.',
	});

/** The process was started in, or is still in, a folder that was removed. */
export const folderGone = () =>
	usageInvalid('The folder you are in does not exist any more.', 'Change to another one with `cd`, and try again.');

const meantOrKnown = (name: string, known: readonly string[], listed: string): string => {
	const nearest = nearestOf(name, known);
	return nearest === undefined ? `${listed}: ${known.join(', ')}.` : `Did you mean \`${nearest}\`?`;
};
