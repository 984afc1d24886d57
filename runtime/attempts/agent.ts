import {existsSync, mkdirSync, readFileSync, rmSync} from 'node:fs';
import {failureOf} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {AgentMark, NewEvent} from '../../source/run/events.ts';
import type {AttemptContext, AttemptExecutor, AttemptHandle, AttemptOutcome, Clock, Report} from '../engine/parts.ts';
import {killLeftGroup} from './agent/agent-group.ts';
import {followLines} from './agent/follow-lines.ts';
import {approvalIdOf, journalEventOf} from './agent/journal-events.ts';
import {type Ending, outcomeOf} from './agent/outcome.ts';
import {type AgentSpec, type HostEvent, type HostRequest, type HostResult, hostFilesOf} from './agent-protocol.ts';
import type {OutputWatcher} from './output-watcher.ts';
import {reattachSupervised, type Supervised, startSupervised} from './supervised.ts';
import {tailOf} from './tail.ts';
import type {BridgeRequest} from './tool-bridge.ts';
import {writeWhole} from './write-whole.ts';

export interface AgentParts {
	readonly clock: Clock;
	readonly output: OutputWatcher;
	/** @throws AiworkflowError Where the workspace has no such agent, or is not trusted to run it. */
	readonly specOf: (workspace: string, agent: string) => Promise<AgentSpec>;
	/** What runs the agent host, without its folder. */
	readonly hostCommand: readonly string[];
	/**
	 * What the bridge to the tools of an attempt has to know; only asked for attempts with `given`.
	 *
	 * @throws AiworkflowError `tool.unknown`, `workspace.untrusted` and the like.
	 */
	readonly toolsOf: (context: AttemptContext) => Promise<ToolsForAttempt>;
}

export interface ToolsForAttempt {
	readonly bridge: BridgeRequest;
	/** Names of variables that only these tools need: the agent does not get them. */
	readonly withheld: readonly string[];
}

/** Runs agent steps, each under a host process of its own that outlives the daemon. */
export const createAgentExecutor = (parts: AgentParts): AttemptExecutor => ({
	start: (context, report) => watchAttempt(parts, context, report, () => startHost(parts, context)),
	reattach: (context, report) => watchAttempt(parts, context, report, async () => reattachSupervised(context.folder)),
});

const startHost = async ({specOf, hostCommand, toolsOf}: AgentParts, context: AttemptContext): Promise<Supervised> => {
	const {folder, cwd} = context;
	const request = hostRequestOf(context, await specOf(context.workspace, context.agent!));
	const tools = request.tools && (await toolsOf(context));
	const files = hostFilesOf(folder);
	mkdirSync(folder, {recursive: true, mode: 0o700});
	if (tools) writeWhole(files.tools, JSON.stringify(tools.bridge));
	writeWhole(files.request, JSON.stringify(request));
	const environment = environmentWithout(context, tools?.withheld ?? [], request.agent.env);
	return startSupervised({folder, argv: [...hostCommand, folder], environment, cwd});
};

const environmentWithout = (
	{environment, definition, step}: AttemptContext,
	withheld: readonly string[],
	ofAgent: readonly string[],
): Readonly<Record<string, string>> => {
	const said = [...ofAgent, ...Object.keys(definition.env), ...Object.keys(step.env)];
	return Object.fromEntries(
		Object.entries(environment).filter(([name]) => !withheld.includes(name) || said.includes(name)),
	);
};

const hostRequestOf = (context: AttemptContext, agent: AgentSpec): HostRequest => {
	const {
		runId,
		stepId,
		item,
		generation,
		attempt,
		prompt = '',
		stepPrompt,
		model,
		access,
		resume,
		cwd,
		workspace,
		bundleFolder,
		definition,
		step,
		given,
	} = context;
	return {
		version: 1,
		runId,
		stepId,
		item,
		generation,
		attempt,
		agent,
		prompt,
		stepPrompt,
		model,
		access,
		resume,
		// A recording calls nothing.
		...(given && agent.adapter !== 'replay' && {tools: given.tools}),
		outputs: step.outputs,
		cwd,
		workspace,
		bundleFolder,
		workflow: definition.name,
		record: context.record,
		limits: {
			idleMs: step.idleTimeoutMs ?? agent.idleMs,
			deadlineAtMs: context.deadlineAtMs,
			outputBytesMax: limits.outputBytesMax,
		},
	};
};

const watchAttempt = (
	{clock, output}: AgentParts,
	context: AttemptContext,
	report: Report,
	begin: () => Promise<Supervised>,
): AttemptHandle => {
	let supervised: Supervised | undefined;
	let ending: Ending;
	const stop = (why: NonNullable<Ending>) => {
		ending ??= why;
		supervised?.stop();
	};

	const opened = Promise.withResolvers<Journal | undefined>();
	const work = async (): Promise<AttemptOutcome> => {
		supervised = await begin();
		// Asked before there was anything to stop.
		if (ending) supervised.stop();
		const {deadlineAtMs} = context;
		const cancelDeadline = deadlineAtMs === undefined ? undefined : clock.at(deadlineAtMs, () => stop('timed-out'));
		const unwatch = output.watch(context, supervised, () => stop('too-large'));
		const journal = openJournal(context, report, () => ending !== undefined);
		opened.resolve(journal);
		try {
			const exit = await supervised.exit;
			await journal.finish();
			const files = hostFilesOf(context.folder);
			const result = readJson<HostResult>(files.result);
			// The host is gone and could not see to it.
			if (!result) killLeftGroup(files.agent);
			const errorTail = tailOf(supervised.stderrFile, 600);
			return outcomeOf(context, {exit, result, ending, agent: agentMarkOf(context), errorTail});
		} finally {
			cancelDeadline?.();
			unwatch();
			// Secrets of tools are in it, and a host that died left it.
			rmSync(hostFilesOf(context.folder).tools, {force: true});
		}
	};

	return {
		outcome: work()
			.catch((error: unknown): AttemptOutcome => ({status: 'failed', failure: failureOf(error)}))
			.finally(() => opened.resolve(undefined)),
		stop: () => stop('asked'),
		async hold(isHeld) {
			await opened.promise;
			const {hold} = hostFilesOf(context.folder);
			if (isHeld) writeWhole(hold, '');
			else rmSync(hold, {force: true});
			return true;
		},
		answerPermission: async (approvalId, optionId) => (await opened.promise)?.answer(approvalId, optionId),
	};
};

interface Journal {
	/** Idempotent: the first answer stands. Of a permission that is not known it is dropped. */
	answer(approvalId: string, optionId: string | null): Promise<void>;
	/** Reports what is left. */
	finish(): Promise<void>;
}

/** Reports the host's events, from the line after the last one journalled, and carries the answers back. */
const openJournal = (context: AttemptContext, report: Report, isEnding: () => boolean): Journal => {
	const files = hostFilesOf(context.folder);
	const lastLine = context.state.attempts.find(({number}) => number === context.attempt)?.hostLine ?? -1;
	const agent = agentMarkOf(context);
	const permissions = new Map<string, string>();
	const isAnswered = (permissionId: string) => existsSync(files.answerTo(permissionId));
	// Whoever ends an attempt has withdrawn its questions.
	const isSettled = (permissionId: string) => isEnding() || isAnswered(permissionId);

	const lines = followLines(files.events, async (written, firstIndex) => {
		const events: NewEvent[] = [];
		for (const [offset, text] of written.entries()) {
			const line = parseLine(text);
			const hostLine = firstIndex + offset;
			if (line?.t === 'permission') permissions.set(approvalIdOf(context, line.id), line.id);
			if (!line || hostLine <= lastLine) continue;
			const event = journalEventOf(context, agent, line, hostLine, isSettled);
			if (event) events.push(event);
		}

		if (events.length > 0) await report(events);
	});

	return {
		async answer(approvalId, optionId) {
			await lines.caughtUp;
			const permissionId = permissions.get(approvalId);
			if (permissionId === undefined || isAnswered(permissionId)) return;
			mkdirSync(files.answers, {recursive: true, mode: 0o700});
			writeWhole(files.answerTo(permissionId), JSON.stringify({optionId}));
		},
		finish: () => lines.finish(),
	};
};

/** Known from the request, which a restarted daemon finds in the folder. */
const agentMarkOf = ({folder, agent, model}: AttemptContext): AgentMark => {
	const spec = readJson<HostRequest>(hostFilesOf(folder).request)?.agent;
	return {id: spec?.id ?? agent ?? '', isReplay: spec?.adapter === 'replay', model};
};

const parseLine = (text: string): HostEvent | undefined => {
	try {
		return JSON.parse(text) as HostEvent;
	} catch {
		return undefined;
	}
};

const readJson = <Value>(file: string): Value | undefined => {
	try {
		return JSON.parse(readFileSync(file, 'utf8')) as Value;
	} catch {
		return undefined;
	}
};
