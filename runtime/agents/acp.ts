import {setTimeout as delay} from 'node:timers/promises';
import {type ClientConnection, client, type PromptResponse} from '@agentclientprotocol/sdk';
import type {Failure} from '../../source/errors.ts';
import {createOpenApprovals} from './acp/approvals.ts';
import {agentFailure, codeOfText, failureOfError, type ProtocolError} from './acp/failures.ts';
import {readWorkspaceFile, writeWorkspaceFile} from './acp/files.ts';
import {acpHealth} from './acp/health.ts';
import {messageStream} from './acp/messages.ts';
import {failureOfTurn} from './acp/outcome.ts';
import {describeExit, startProcess} from './acp/process.ts';
import {initialize, openSession} from './acp/session.ts';
import {createTurnWatch} from './acp/turn.ts';
import type {AgentAdapter, AgentEvent, AgentRequest} from './adapter.ts';
import {createEventQueue} from './event-queue.ts';
import {type AgentSpec, commandLineOf, takesModelAtStart} from './spec.ts';

type End = Extract<AgentEvent, {t: 'end'}>;

/** From its start to an open session: Copilot unpacks itself on its first start. */
const startMsMax = 60_000;
/** For an agent to end its turn after `session/cancel`: Gemini took 1.3 s with a permission open. */
const cancelGraceMs = 1500;

/** Any agent that speaks the Agent Client Protocol (v1) over its standard streams. */
export const createAcpAdapter = (spec: AgentSpec, environment: Readonly<Record<string, string>>): AgentAdapter => ({
	id: spec.id,
	capabilities: {approvals: 'ask', deltas: true, turns: true, cost: 'reported', isReplay: false},
	health: depth => acpHealth(spec, environment, depth),
	run(request, signal) {
		const events = createEventQueue<AgentEvent>();
		void runOnce(spec, environment, request, signal, events.push, events.drained)
			.catch((error: unknown): End => {
				const failure = failureOfError(spec.id, errorOf(error));
				return {t: 'end', outcome: 'failed', failure};
			})
			.then(end => {
				events.push(end);
				events.close();
			});
		return events;
	},
});

const runOnce = async (
	spec: AgentSpec,
	environment: Readonly<Record<string, string>>,
	request: AgentRequest,
	signal: AbortSignal,
	push: (event: AgentEvent) => void,
	drained: () => Promise<void>,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const watch = createTurnWatch(push);
	const approvals = createOpenApprovals(push, watch.onAnswer);
	const {args, set} = commandLineOf(spec, request.model);
	const agent = startProcess({
		command: spec.command ?? spec.id,
		args,
		cwd: request.cwd,
		environment: {...environment, ...set},
		onError: chunk => request.onDiagnostic?.(chunk),
	});
	if (agent.pid !== undefined) request.onProcess?.(agent.pid);
	const connection = client({name: 'aiworkflow'})
		.onRequest('session/request_permission', asked => approvals.ask(asked.params, asked.signal))
		.onRequest('fs/read_text_file', async ({params}) => ({content: await readWorkspaceFile(request.workspace, params)}))
		.onRequest('fs/write_text_file', ({params}) => writeWorkspaceFile(request.workspace, params.path, params.content))
		.connect(
			messageStream(agent.stdin, agent.stdout, {
				onUpdate: watch.onUpdate,
				onJunk: line => request.onDiagnostic?.(`[not a message] ${line.slice(0, 2000)}\n`),
				drained,
			}),
		);

	let sessionId: string | undefined;
	const open = async () => {
		const session = await within(startMsMax, openWished(connection, spec, request));
		sessionId = session.id;
		push({t: 'session', id: session.id, model: session.model});
		for (const message of session.warnings) push({t: 'warning', message});
		return session.id;
	};

	const converse = async (): Promise<End> => {
		const session = await open();
		let prompt: string | undefined = [request.prompt, request.instructions].filter(Boolean).join('\n\n');
		while (prompt !== undefined) {
			watch.begin();
			const response: PromptResponse = await connection.agent.request('session/prompt', {
				sessionId: session,
				prompt: [{type: 'text', text: prompt}],
			});
			const failure = failureOfTurn(spec.id, response, watch.end(response));
			if (failure) return {t: 'end', outcome: 'failed', failure};
			prompt = await new Promise<string | undefined>(reply => push({t: 'answered', reply}));
		}

		return {t: 'end', outcome: 'ok'};
	};

	/** Says why: the agent's own error, or how its process ended. */
	const explain = async (thrown: unknown): Promise<Failure> => {
		const fallback = sessionId === undefined ? 'agent.unreachable' : 'agent.crashed';
		const error = errorOf(thrown);
		if (!connection.signal.aborted) return failureOfError(spec.id, error, fallback);
		const exit = await Promise.race([agent.exit, delay(1000, undefined, {ref: false})]);
		const tail = agent.errorTail();
		const detail = [exit ? describeExit(exit) : 'it closed its output', tail].filter(Boolean).join(': ');
		return agentFailure(spec.id, (sessionId === undefined && codeOfText(tail)) || fallback, detail);
	};

	try {
		const conversation = converse();
		const ended = await Promise.race([conversation, abortOf(signal)]);
		if (ended) return ended;
		approvals.cancelAll();
		if (sessionId !== undefined) {
			void connection.agent.notify('session/cancel', {sessionId}).catch(() => {});
			await Promise.race([conversation.catch(() => {}), delay(cancelGraceMs, undefined, {ref: false})]);
		}

		void conversation.catch(() => {});
		return {t: 'end', outcome: 'cancelled'};
	} catch (error) {
		return signal.aborted
			? {t: 'end', outcome: 'cancelled'}
			: {t: 'end', outcome: 'failed', failure: await explain(error)};
	} finally {
		approvals.cancelAll();
		await agent.end();
		connection.close();
	}
};

const openWished = async (connection: ClientConnection, spec: AgentSpec, request: AgentRequest) => {
	await initialize(connection.agent);
	const model = takesModelAtStart(spec) ? undefined : request.model;
	const session = await openSession(connection, {cwd: request.cwd, mode: spec.mode, model});
	return {...session, model: request.model ?? session.model};
};

const abortOf = (signal: AbortSignal) =>
	new Promise<undefined>(resolve => {
		if (signal.aborted) resolve(undefined);
		signal.addEventListener('abort', () => resolve(undefined), {once: true});
	});

const within = async <Value>(ms: number, work: Promise<Value>): Promise<Value> => {
	const timer = new AbortController();
	try {
		return await Promise.race([
			work,
			delay(ms, undefined, {signal: timer.signal}).then(() => {
				throw new Error(`it did not open a session within ${ms / 1000} s`);
			}),
		]);
	} finally {
		timer.abort();
	}
};

const errorOf = (thrown: unknown): ProtocolError => (thrown instanceof Error ? thrown : new Error(String(thrown)));
