import {setTimeout as delay} from 'node:timers/promises';
import type {RequestPermissionRequest} from '@agentclientprotocol/sdk';
import {AiworkflowError, type Failure} from '../../source/errors.ts';
import {createOpenApprovals} from './acp/approvals.ts';
import {agentFailure} from './acp/failures.ts';
import {type AgentProcess, describeExit} from './acp/process.ts';
import type {AdapterFactory, AgentRequest} from './adapter.ts';
import {abortOf, within} from './bounds.ts';
import {catalogue} from './catalogue.ts';
import {mcpServerOf, readOnlyToolsWith} from './copilot/given-tools.ts';
import {failureOfCopilot, wordsOf} from './copilot/outcome.ts';
import {decisionOf, optionsOfRequest, toolCallOf} from './copilot/permissions.ts';
import {createCopilotReader} from './copilot/reader.ts';
import {type CopilotClient, hasSdk, loadSdk, providerOf} from './copilot/sdk.ts';
import {startServer} from './copilot/server.ts';
import {usageOfCall} from './copilot/usage.ts';
import {isGivenTool} from './given-tools.ts';
import {createHeadlessCopilotAdapter} from './headless/copilot.ts';
import {type End, type EventSink, eventsOf} from './headless/events.ts';
import {headlessHealth, programOf} from './headless/program.ts';
import type {AgentSpec} from './spec.ts';
import {agentMissing, sessionLost} from './unavailable.ts';

type Environment = Readonly<Record<string, string>>;

const sessionMsMax = 30_000;
/** For it to end its turn, and to let go of its session: with the end of its process less than `cancelMsMax`. */
const cancelGraceMs = 1000;
const goodbyeMs = 300;
const lastWordsMs = 1000;

/** GitHub Copilot through its SDK, where that is installed: typed errors and usage, and it asks. Else headless. */
export const createCopilotAdapter: AdapterFactory = (spec, environment) =>
	hasSdk(spec, environment) ? withSdk(spec, environment) : createHeadlessCopilotAdapter(spec, environment);

const withSdk: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities: catalogue.copilot.capabilities,
	async health() {
		const health = await headlessHealth('copilot', 'copilot', spec, environment);
		return {...health, detail: health.detail?.replace('Headless.', 'Through its SDK.') ?? null};
	},
	run: (request, signal) => eventsOf(spec.id, sink => converse(spec, environment, request, signal, sink)),
});

const converse = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	sink: EventSink,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const command = programOf('copilot', 'copilot', spec, environment);
	const sdk = await loadSdk(spec, environment);
	if (!sdk) throw agentMissing(spec.id, '`@github/copilot-sdk`', catalogue.copilot.install);
	const given = {...environment, ...catalogue.copilot.set, ...spec.set};
	const model = request.model ?? spec.model ?? given.COPILOT_MODEL;
	// With a key of one's own its server does not start without one, although each session names it.
	const set = model === undefined ? given : {...given, COPILOT_MODEL: model};
	let agent: AgentProcess | undefined;
	const serving = startServer(
		{
			command,
			args: spec.args,
			cwd: request.cwd,
			environment: set,
			onError: chunk => request.onDiagnostic?.(chunk),
		},
		started => {
			agent = started;
			if (started.pid !== undefined) request.onProcess?.(started.pid);
		},
	);
	serving.catch(() => {});
	try {
		const server = await Promise.race([serving, abortOf(signal)]);
		if (!server) return {t: 'end', outcome: 'cancelled'};
		const connection = sdk.RuntimeConnection.forUri(server.url, {connectionToken: server.token});
		return await talk(spec, request, signal, sink, new sdk.CopilotClient({connection}), server.process, set);
	} finally {
		await agent?.end();
	}
};

const talk = async (
	spec: AgentSpec,
	request: AgentRequest,
	signal: AbortSignal,
	{push}: EventSink,
	client: CopilotClient,
	agent: AgentProcess,
	environment: Environment,
): Promise<End> => {
	const isReadOnly = request.access === 'read-only';
	const model = environment.COPILOT_MODEL;
	const reader = createCopilotReader(push);
	const approvals = createOpenApprovals(push, {
		onAnswer: () => {},
		isReadOnly,
		complete: toolCall => toolCall,
		isGivenTool: asked => isGivenTool(asked, request.tools),
	});
	const nothingTaken = new AbortController().signal;
	let onIdle = () => {};
	const onEvent = (event: Readonly<Record<string, unknown>>) => {
		reader.take(event);
		const used = event.type === 'assistant.usage' && usageOfCall(event.data as Readonly<Record<string, unknown>>);
		if (used) push(used);
		if (event.type === 'session.idle') onIdle();
	};

	const ask = async (asked: Readonly<Record<string, unknown>>) => {
		const question = {sessionId: '', toolCall: toolCallOf(asked), options: optionsOfRequest(asked)};
		const {outcome} = await approvals.ask(question as RequestPermissionRequest, nothingTaken);
		return decisionOf(asked, outcome.outcome === 'selected' ? outcome.optionId : undefined);
	};

	const open = async () => {
		await client.start();
		const config = {
			...(model !== undefined && {model}),
			provider: providerOf(environment),
			workingDirectory: request.cwd,
			streaming: true,
			onPermissionRequest: ask,
			...(isReadOnly && {availableTools: readOnlyToolsWith(request.tools)}),
			...(request.tools && {mcpServers: {[request.tools.name]: mcpServerOf(request.tools)}}),
		};
		if (!request.resume) return client.createSession(config);
		return client.resumeSession(request.resume.sessionId, config).catch((error: unknown) => {
			throw sessionLost(spec.id, error instanceof Error ? error.message : String(error));
		});
	};

	/** Its process ended, or let go of the connection. */
	const gone = agent.exit.then(exit => {
		throw new Error([describeExit(exit), agent.errorTail()].filter(Boolean).join(': '));
	});
	gone.catch(() => {});
	const opening = within(sessionMsMax, 'it did not open a session', Promise.race([open(), gone]));
	opening.catch(() => {});
	let isTurning = false;

	const turns = async (): Promise<End> => {
		const session = await opening;
		session.on(onEvent);
		push({t: 'session', id: session.sessionId, model, canResume: true});
		let prompt: string | undefined = [request.prompt, request.instructions].filter(Boolean).join('\n\n');
		while (prompt !== undefined) {
			reader.begin();
			const idle = new Promise<void>(resolve => {
				onIdle = resolve;
			});
			isTurning = true;
			await Promise.race([session.send({prompt}).then(() => idle), gone]);
			isTurning = false;
			const error = reader.error();
			if (error) return {t: 'end', outcome: 'failed', failure: failureOfCopilot(spec.id, error, Date.now())};
			prompt = await new Promise<string | undefined>(reply => push({t: 'answered', reply}));
		}

		return {t: 'end', outcome: 'ok'};
	};

	const talking = turns();
	talking.catch(() => {});
	try {
		const ended = await Promise.race([talking, abortOf(signal)]);
		if (ended) return ended;
		approvals.cancelAll();
		const session = isTurning ? await opening.catch(() => undefined) : undefined;
		if (session) await atMost(cancelGraceMs, Promise.all([session.abort(), talking]));
		return {t: 'end', outcome: 'cancelled'};
	} catch (error) {
		if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
		if (error instanceof AiworkflowError) throw error;
		const wasOpen = await atMost(0, opening);
		return {t: 'end', outcome: 'failed', failure: await failureOfThrown(spec.id, error, Boolean(wasOpen), agent)};
	} finally {
		approvals.cancelAll();
		await atMost(
			goodbyeMs,
			opening.then(session => session.disconnect()).then(() => client.stop()),
		);
	}
};

/** @returns `undefined` where the work fails or takes longer. */
const atMost = <Value>(ms: number, work: Promise<Value>): Promise<Value | undefined> =>
	Promise.race([work.catch(() => undefined), delay(ms, undefined, {ref: false})]);

const failureOfThrown = async (
	agent: string,
	thrown: unknown,
	wasOpen: boolean,
	process: AgentProcess,
): Promise<Failure> => {
	const exit = await atMost(lastWordsMs, process.exit);
	const said = thrown instanceof Error ? thrown.message : String(thrown);
	const detail = exit ? [describeExit(exit), process.errorTail()].filter(Boolean).join(': ') : said;
	return agentFailure(agent, wordsOf(detail) ?? (wasOpen ? 'agent.crashed' : 'agent.unreachable'), detail);
};
