import {setTimeout as delay} from 'node:timers/promises';
import {client, type McpServer, type PromptResponse, RequestError} from '@agentclientprotocol/sdk';
import {AiworkflowError, type Failure, failureOf} from '../../source/errors.ts';
import {createOpenApprovals} from './acp/approvals.ts';
import {type AcpDialect, plainDialect} from './acp/dialect.ts';
import {agentFailure, codeOfText, failureOfError, type ProtocolError} from './acp/failures.ts';
import {readWorkspaceFile, writeWorkspaceFile} from './acp/files.ts';
import {acpHealth} from './acp/health.ts';
import {messageStream} from './acp/messages.ts';
import {failureOfTurn} from './acp/outcome.ts';
import {describeExit, startProcess} from './acp/process.ts';
import {withResetMoment} from './acp/reset-moment.ts';
import {openSession} from './acp/session.ts';
import {createToolCalls} from './acp/tool-calls.ts';
import {createTurnWatch} from './acp/turn.ts';
import {createUsageMeter} from './acp/usage.ts';
import type {AgentAdapter, AgentEvent, AgentRequest, ToolServer} from './adapter.ts';
import {abortOf, within} from './bounds.ts';
import {createEventQueue} from './event-queue.ts';
import {isGivenTool} from './given-tools.ts';
import {type AgentSpec, commandLineOf, takesModelAtStart} from './spec.ts';

type Environment = Readonly<Record<string, string>>;
type End = Extract<AgentEvent, {t: 'end'}>;

/** From its start to an open session: Copilot unpacks itself on its first start. */
const startMsMax = 60_000;
/** For an agent to end its turn after `session/cancel`: Gemini took 1.3 s with a permission open. */
const cancelGraceMs = 1500;

/** Any agent that speaks the Agent Client Protocol (v1) over its standard streams. */
export const createAcpAdapter = (
	spec: AgentSpec,
	environment: Environment,
	dialect: AcpDialect = plainDialect(spec, environment),
): AgentAdapter => ({
	id: spec.id,
	capabilities: dialect.capabilities,
	health: depth => acpHealth(spec, environment, dialect, depth),
	run(request, signal) {
		const events = createEventQueue<AgentEvent>();
		void runOnce(spec, environment, dialect, request, signal, events.push, events.drained)
			.catch((error: unknown): End => {
				const failure = error instanceof AiworkflowError ? failureOf(error) : failureOfError(spec.id, errorOf(error));
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
	environment: Environment,
	dialect: AcpDialect,
	request: AgentRequest,
	signal: AbortSignal,
	push: (event: AgentEvent) => void,
	drained: () => Promise<void>,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const isReadOnly = request.access === 'read-only';
	const launch = dialect.launch(request.access ?? 'ask', request.tools);
	const model = request.model ?? spec.model;
	const meter = createUsageMeter({countedMicroUsd: request.resume?.countedMicroUsd, providerOf: dialect.providerOf});
	const watch = createTurnWatch(push, meter);
	const toolCalls = createToolCalls();
	const approvals = createOpenApprovals(push, {
		onAnswer: watch.onAnswer,
		isReadOnly,
		complete: toolCalls.complete,
		titleIsCommand: dialect.titleIsCommand,
		isGivenTool: asked => isGivenTool(asked, request.tools),
	});
	const {args, set} = commandLineOf(launch, model);
	const agent = startProcess({
		command: launch.command,
		args,
		cwd: request.cwd,
		environment: {...environment, ...set},
		onError: chunk => request.onDiagnostic?.(chunk),
	});
	if (agent.pid !== undefined) request.onProcess?.(agent.pid);
	const connection = client({name: 'aiworkflow'})
		.onRequest('session/request_permission', asked => approvals.ask(asked.params, asked.signal))
		.onRequest('fs/read_text_file', async ({params}) => ({content: await readWorkspaceFile(request.workspace, params)}))
		.onRequest('fs/write_text_file', ({params}) => {
			if (isReadOnly) throw RequestError.invalidParams(undefined, 'this run may only read');
			return writeWorkspaceFile(request.workspace, params.path, params.content);
		})
		.connect(
			messageStream(agent.stdin, agent.stdout, {
				onUpdate(params) {
					toolCalls.onUpdate(params);
					watch.onUpdate(params);
				},
				onJunk: line => request.onDiagnostic?.(`[not a message] ${line.slice(0, 2000)}\n`),
				drained,
			}),
		);

	let sessionId: string | undefined;
	const open = async () => {
		const session = await within(
			startMsMax,
			'it did not open a session',
			openSession(connection.agent, {
				agent: spec.id,
				cwd: request.cwd,
				mode: launch.mode,
				model: takesModelAtStart(launch) ? undefined : model,
				resumeId: request.resume?.sessionId,
				authMethod: dialect.authMethod,
				mcpServers: mcpServersOf(request.tools),
				onSilence: watch.whenSilent,
			}),
		);
		sessionId = session.id;
		watch.listen();
		meter.setModel(model ?? session.model);
		push({t: 'session', id: session.id, model: model ?? session.model, canResume: session.canResume});
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
			const facts = watch.end(response);
			const failure = failureOfTurn(spec.id, response, facts);
			if (failure) {
				const hints = facts.marks.map(({detail}) => detail);
				const said = [response._meta, failure.message, ...hints, facts.lastPiece, facts.textStart];
				return {t: 'end', outcome: 'failed', failure: withResetMoment(failure, said, Date.now())};
			}

			prompt = await new Promise<string | undefined>(reply => push({t: 'answered', reply}));
		}

		return {t: 'end', outcome: 'ok'};
	};

	/** Says why: the agent's own error, or how its process ended. */
	const explain = async (thrown: unknown): Promise<Failure> => {
		const fallback = sessionId === undefined ? 'agent.unreachable' : 'agent.crashed';
		if (thrown instanceof AiworkflowError) return failureOf(thrown);
		const error = errorOf(thrown);
		if (!connection.signal.aborted) {
			const said = [error.data, error.message, watch.lastPiece()];
			return withResetMoment(failureOfError(spec.id, error, fallback), said, Date.now());
		}

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

const mcpServersOf = (tools: ToolServer | undefined): McpServer[] =>
	tools ? [{name: tools.name, command: tools.command, args: [...tools.args], env: []}] : [];

const errorOf = (thrown: unknown): ProtocolError => (thrown instanceof Error ? thrown : new Error(String(thrown)));
