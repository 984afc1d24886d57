import type {FastifyReply, FastifyRequest} from 'fastify';
import type {z} from 'zod';
import {callToolRequest, listToolsRequest, toolInfoRequest, toolsQuery} from '../../../source/api/contract.ts';
import type {
	BreakerView,
	ToolAnswer,
	ToolDetails,
	ToolImplementationView,
	ToolView,
} from '../../../source/api/messages.ts';
import {AiworkflowError, type Failure, failureOf} from '../../../source/errors.ts';
import {maskText} from '../../../source/mask.ts';
import {namesReadBy} from '../../../source/tools/references.ts';
import {formatDuration} from '../../../source/units.ts';
import {chooseTool} from '../../engine/choose-tool.ts';
import {type ChosenTool, toolBreakerNameOf} from '../../engine/parts.ts';
import {runEnvironmentOf, secretsOf} from '../../security/environment.ts';
import type {ToolHostReport, ToolHostRequest} from '../../tools/host-protocol.ts';
import type {KnownTool} from '../../tools/registry.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

type Environment = Readonly<Record<string, string>>;

/** Tools that are asked at once to tell what they can do. */
const checkedAtOnce = 4;

export const registerTools = (server: Server, parts: DaemonParts): void => {
	server.get(
		'/tools',
		{
			schema: {
				tags: ['tools'],
				summary: 'The tools of a workspace, as they are known; asks none',
				querystring: toolsQuery,
			},
		},
		async (request): Promise<{tools: ToolView[]}> => {
			const {workspace, bundle} = request.query as z.output<typeof toolsQuery>;
			return {tools: await viewsOf(parts, {workspace, bundleFolder: bundle})};
		},
	);
	server.post(
		'/tools/list',
		{
			schema: {
				tags: ['tools'],
				summary: 'The tools of a workspace; with `check`, each is opened',
				body: listToolsRequest,
			},
		},
		async (request, reply): Promise<{tools: ToolView[]}> => {
			const body = request.body as z.output<typeof listToolsRequest>;
			const scope = {workspace: body.workspace, bundleFolder: body.bundle};
			if (body.check) await checkAll(parts, request, scope, body.environment, goneOf(reply));
			return {tools: await viewsOf(parts, scope)};
		},
	);
	server.post(
		'/tools/info',
		{
			schema: {
				tags: ['tools'],
				summary: 'What a tool can do: it is opened and asked, if wanted',
				body: toolInfoRequest,
			},
		},
		async (request, reply): Promise<ToolDetails> => {
			const {workspace, bundle, tool: name, ask, environment} = request.body as z.output<typeof toolInfoRequest>;
			const scope = {workspace, bundleFolder: bundle};
			const known = (await parts.tools.list(scope)).find(tool => tool.name === name);
			// Its problems are what there is to tell about it.
			if (known && (!known.isTrusted || !known.definition))
				return {tool: viewOf(parts, scope, known), operations: null, toldBy: null, failure: null};
			if (!ask) {
				const operations = parts.tools.knownOperations(await parts.tools.find(scope, name)) ?? null;
				return {tool: viewOf(parts, scope, known!), operations, toldBy: null, failure: null};
			}

			const {report} = await askOutside(parts, request, {scope, name, environment}, {}, goneOf(reply));
			const {operations = null, failure = null, tries} = report;
			const view = (await viewsOf(parts, scope)).find(tool => tool.name === name)!;
			return {tool: view, operations, toldBy: operations ? tries.at(-1)!.implementation : null, failure};
		},
	);
	server.post(
		'/tools/call',
		{
			schema: {
				tags: ['tools'],
				summary: 'Call an operation of a tool, in a process of its own, with the environment of whoever asks',
				body: callToolRequest,
			},
		},
		async (request, reply): Promise<ToolAnswer> =>
			callOutside(parts, request, request.body as z.output<typeof callToolRequest>, goneOf(reply)),
	);
};

interface Scope {
	readonly workspace: string;
	readonly bundleFolder?: string;
}

interface Asked {
	readonly scope: Scope;
	readonly name: string;
	readonly environment: Environment | undefined;
}

const callOutside = async (
	parts: DaemonParts,
	request: FastifyRequest,
	body: z.output<typeof callToolRequest>,
	gone: AbortSignal,
): Promise<ToolAnswer> => {
	const {workspace, bundle, tool: name, operation, arguments: given, texts, timeoutMs, environment} = body;
	const inside = attemptOfCaller(request);
	checkGiven(parts, inside);
	// What a step of a tainted run asks for may come from strangers.
	const mayOnlyRead = inside !== undefined && parts.engine.find(inside.split('/')[0]!)?.taint !== undefined;
	const asked = {scope: {workspace, bundleFolder: bundle}, name, environment};
	const call = {operation, arguments: given};
	const limit = timeoutMs === undefined ? gone : AbortSignal.any([gone, endOfTime(name, timeoutMs)]);
	const {report} = await askOutside(parts, request, asked, {call, texts, mayOnlyRead}, limit);
	const {result, failure, tries} = report;
	if (!result) throw new AiworkflowError(failure!);
	return {
		...{tool: name, operation: report.operation ?? operation, ...result},
		answeredBy: tries.at(-1)!.implementation,
		tries: tries.map(each => ({...each, failure: each.failure ?? null})),
	};
};

/** @throws AiworkflowError `tools.denied`: an agent calls what it was given, where it is asked about, and nothing here. */
const checkGiven = ({engine}: DaemonParts, inside: string | undefined): void => {
	const [runId = '', stepId = ''] = inside?.split('/') ?? [];
	if (engine.find(runId)?.steps[stepId]?.kind !== 'agent') return;
	throw new AiworkflowError({
		code: 'tools.denied',
		message: 'An agent calls only the tools that its step gives it, and this is not the way to call those.',
		suggestion: 'Give it the tool with `tools:` in the workflow.',
	});
};

const endOfTime = (tool: string, timeoutMs: number): AbortSignal => {
	const timer = new AbortController();
	const reason = new AiworkflowError({
		code: 'tool.unreachable',
		message: `The tool ${tool} did not answer within ${formatDuration(timeoutMs)}.`,
		suggestion: 'Give it more time with `--timeout`.',
		retryable: true,
	});
	setTimeout(() => timer.abort(reason), timeoutMs).unref();
	return timer.signal;
};

type Question = Pick<ToolHostRequest, 'call' | 'texts' | 'mayOnlyRead'>;

/** Has a process of its own ask the tool, and keeps what that says about its implementations. */
const askOutside = async (
	parts: DaemonParts,
	request: FastifyRequest,
	{scope, name, environment: given}: Asked,
	question: Question,
	signal: AbortSignal,
) => {
	const chosen = await chooseTool(parts, scope, name);
	const {definition, implementations} = chosen;
	const ids = implementations.map(({id}) => id);
	const asked = {definition, implementations: ids, workspace: scope.workspace, cwd: scope.workspace, ...question};
	const {environment, secrets} = surroundingsOf(chosen, given, attemptOfCaller(request));
	try {
		const report = masked(await parts.toolDesk.ask({...asked, secrets}, environment, signal), Object.values(secrets));
		parts.tools.record(definition, implementations, report.tries);
		if (report.operations) parts.tools.learn(definition, report.operations);
		return {report, chosen};
	} catch (error) {
		// Whoever asked went away, or it took its process along.
		const failure = error instanceof AiworkflowError ? failureOf(error) : undefined;
		const tries = failure ? [{implementation: ids[0]!, failure, latencyMs: 0}] : [];
		parts.tools.record(definition, implementations, tries);
		throw error;
	}
};

/** A server may repeat what it was given, where it says why it failed. */
const masked = (report: ToolHostReport, secrets: readonly string[]): ToolHostReport => {
	const mask = (failure: Failure): Failure => ({...failure, message: maskText(failure.message, secrets)});
	return {
		...report,
		...(report.failure && {failure: mask(report.failure)}),
		tries: report.tries.map(each => (each.failure ? {...each, failure: mask(each.failure)} : each)),
	};
};

/** What a run that calls it would have; inside an attempt it stays inside. */
const surroundingsOf = (
	{implementations, secretNames}: ChosenTool,
	given: Environment | undefined,
	inside: string | undefined,
) => {
	const all = given ?? (process.env as Environment);
	const names = implementations.flatMap(each => [...each.passEnv, ...namesReadBy(each).env]);
	const [runId, stepId] = inside?.split('/') ?? [];
	const marks: Environment = runId === undefined ? {} : {AIWORKFLOW_RUN_ID: runId, AIWORKFLOW_STEP_ID: stepId ?? '?'};
	return {
		environment: {...runEnvironmentOf(all, names), ...marks},
		secrets: secretsOf(all, secretNames),
	};
};

/** Those that can be asked, a few at once; what they fail with stands in the list afterwards. */
const checkAll = async (
	parts: DaemonParts,
	request: FastifyRequest,
	scope: Scope,
	environment: Environment | undefined,
	gone: AbortSignal,
): Promise<void> => {
	const tools = (await parts.tools.list(scope)).filter(tool => tool.isTrusted && tool.definition);
	const rest = tools.map(({name}) => name);
	const worker = async () => {
		for (let name = rest.shift(); name !== undefined && !gone.aborted; name = rest.shift())
			await askOutside(parts, request, {scope, name, environment}, {}, gone).catch(() => undefined);
	};
	await Promise.all(Array.from({length: checkedAtOnce}, worker));
};

const viewsOf = async (parts: DaemonParts, scope: Scope): Promise<ToolView[]> =>
	(await parts.tools.list(scope)).map(tool => viewOf(parts, scope, tool));

const viewOf = (parts: DaemonParts, {workspace}: Scope, tool: KnownTool): ToolView => {
	const {name, file, origin, isTrusted, definition, diagnostics} = tool;
	const servers = parts.toolDesk.openServers().filter(server => server.workspace === workspace && server.tool === name);
	return {
		...{name, description: definition?.description ?? null, file, origin, isTrusted, problems: diagnostics},
		operations: (definition && parts.tools.knownOperations(definition)?.length) ?? null,
		implementations: (definition?.implementations ?? []).map((implementation): ToolImplementationView => {
			const {id, kind, agents = null} = implementation;
			const health = parts.tools.healthOf(definition!, implementation);
			return {
				...{id, kind, agents, breaker: breakerOf(parts, name, id)},
				last: health ? {at: isoOf(health.atMs), isHealthy: health.isHealthy, failure: health.failure ?? null} : null,
				servers: servers
					.filter(server => server.implementation === id)
					.map(({server, openCalls, startedAtMs, usedAtMs}) => ({
						pid: server?.pid ?? null,
						state: server ? (openCalls > 0 ? 'busy' : 'idle') : 'starting',
						startedAt: isoOf(startedAtMs),
						usedAt: isoOf(usedAtMs),
					})),
			};
		}),
	};
};

const breakerOf = ({breakers}: DaemonParts, tool: string, implementation: string): BreakerView | null => {
	const {state, failures, untilMs} = breakers.stateOf('tool', toolBreakerNameOf(tool, implementation));
	if (state === 'closed' && failures === 0) return null;
	return {state, failures, untilAt: untilMs === null ? null : isoOf(untilMs)};
};

const isoOf = (atMs: number): string => new Date(atMs).toISOString();

/** Aborted when whoever asked hung up. */
const goneOf = (reply: FastifyReply): AbortSignal => {
	const gone = new AbortController();
	reply.raw.once('close', () => {
		if (!reply.raw.writableEnded) gone.abort(new Error('whoever asked hung up'));
	});
	return gone.signal;
};
