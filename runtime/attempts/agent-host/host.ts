import {appendFileSync, rmSync} from 'node:fs';
import type {Failure} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {AgentAdapter, AgentEvent} from '../../agents/adapter.ts';
import {identityOf} from '../agent/agent-group.ts';
import {agentStalled, agentTimedOut, outputInvalid, outputTooLarge} from '../agent/failures.ts';
import {type HostRequest, type HostResult, hostFilesOf} from '../agent-protocol.ts';
import {writeWhole} from '../write-whole.ts';
import {createAnswer} from './answer.ts';
import {createBatchedFile, writeFully} from './batched-file.ts';
import {createDesk} from './desk.ts';
import {offerOf} from './given-tools.ts';
import {type Hold, watchHold} from './hold.ts';
import {openMailbox} from './mailbox.ts';
import {outputInstructions} from './outputs.ts';
import {createOutputsDesk, type OutputsDesk} from './outputs-desk.ts';
import type {ToolDesk} from './tool-desk.ts';
import {createTranscript} from './transcript.ts';
import {createWatchdog} from './watchdog.ts';

type End = Extract<AgentEvent, {t: 'end'}>;

/** Why the host ended the attempt itself, where it did. */
type StopReason = 'asked' | 'timed-out' | 'stalled' | 'too-large';

/**
 * Runs one attempt to its end: drives the adapter, writes what the journal has to know, and says how it ended.
 *
 * @param stop Aborted when the attempt is to be cancelled.
 * @param toolDesk Whom the bridges to given tools ask; missing: no tools are given.
 * @returns What `result.json` says. Nothing of the agent runs any more by then.
 */
export const hostAttempt = async (
	folder: string,
	request: HostRequest,
	adapter: AgentAdapter,
	stop: AbortSignal,
	toolDesk?: ToolDesk,
): Promise<HostResult> => {
	const files = hostFilesOf(folder);
	const abort = new AbortController();
	let reason: StopReason | undefined;
	let hold: Hold | undefined;
	let agentPid: number | undefined;
	const end = (why: StopReason) => {
		reason ??= why;
		// What is held cannot hear that it is to end.
		hold?.release();
		abort.abort();
	};

	stop.addEventListener('abort', () => end('asked'), {once: true});
	if (stop.aborted) end('asked');
	const output = createBatchedFile(text => writeFully(1, text));
	const transcript = createTranscript(text => {
		if (output.sizeBytes() > request.limits.outputBytesMax) end('too-large');
		else output.append(text);
	}, request.workspace);
	const answer = createAnswer(files.answerText, answerLimits);
	const repairFile = `${files.answerText}.repair`;
	const createRepair = () => createAnswer(repairFile, answerLimits);
	const outputs = createOutputsDesk(request.outputs, answer, createRepair);
	const mailbox = openMailbox(folder);
	const watchdog = createWatchdog({
		...request.limits,
		onStalled: () => end('stalled'),
		onTimedOut: () => end('timed-out'),
	});
	const desk = createDesk({
		record: event => appendFileSync(files.events, `${JSON.stringify(event)}\n`, {mode: 0o600}),
		transcript,
		outputs,
		mailbox,
		watchdog,
		canRepair: adapter.capabilities.turns,
		model: request.model,
	});

	toolDesk?.attend(desk);
	const offer = offerOf(folder, request, adapter.capabilities.tools, toolDesk?.address);
	hold = watchHold({
		file: files.hold,
		pid: () => agentPid,
		onChange: isHeld => desk.hold(isHeld),
	});
	let ended: End | undefined;
	try {
		const events = adapter.run(
			{
				...request,
				// A recording knows nothing of attempts before it.
				prompt: adapter.capabilities.isReplay ? (request.stepPrompt ?? request.prompt) : request.prompt,
				tools: offer.server,
				instructions: [offer.instructions, outputInstructions(request.outputs)].filter(Boolean).join('\n\n'),
				onProcess(pid) {
					agentPid = pid;
					writeWhole(files.agent, JSON.stringify(identityOf(pid) ?? null));
				},
				onDiagnostic: createDiagnosticLog(),
			},
			abort.signal,
		);
		for await (const event of events) {
			if (event.t === 'end') ended = event;
			else desk.handle(event);
		}
	} finally {
		toolDesk?.close();
		hold.stop();
		watchdog.stop();
		mailbox.close();
		output.flush();
		rmSync(repairFile, {force: true});
	}

	if (!ended) throw new Error(`The adapter of agent "${request.agent.id}" ended without saying how.`);
	const failure = failureOfEnd(request, ended, reason, outputs);
	const outcome = failure ? 'failed' : ended.outcome === 'ok' ? 'ok' : 'cancelled';
	const isOk = outcome === 'ok';
	return {
		...desk.facts(),
		outcome,
		text: answer.finish(isOk ? outputs.textWithout() : undefined),
		outputs: (isOk && outputs.found()?.outputs) || {},
		failure,
		isReplay: adapter.capabilities.isReplay,
	};
};

/** What is kept of what an agent says besides its protocol; a chatty one must not fill the disk. */
const diagnosticBytesMax = 16 * 1024 * 1024;

const createDiagnosticLog = () => {
	let sizeBytes = 0;
	return (text: string | Uint8Array) => {
		if (sizeBytes >= diagnosticBytesMax) return;
		sizeBytes += Buffer.byteLength(text);
		process.stderr.write(sizeBytes < diagnosticBytesMax ? text : '\n(the rest is not kept)\n');
	};
};

const answerLimits = {previewBytesMax: limits.eventTextBytesMax, tailCharactersMax: limits.outputsBytesMax};

/** An answer that was complete when the attempt was stopped still counts. */
const failureOfEnd = (
	{stepId, agent, limits: {idleMs, outputBytesMax}}: HostRequest,
	ended: End,
	reason: StopReason | undefined,
	outputs: OutputsDesk,
): Failure | undefined => {
	if (ended.outcome === 'ok') {
		const problems = outputs.found()?.problems ?? [];
		return problems.length > 0 ? outputInvalid(stepId, agent.id, problems) : undefined;
	}

	switch (reason) {
		case 'timed-out':
			return agentTimedOut(agent.id);
		case 'stalled':
			return agentStalled(agent.id, idleMs);
		case 'too-large':
			return outputTooLarge(stepId, outputBytesMax);
		case 'asked':
			return undefined;
		default:
			return ended.failure;
	}
};
