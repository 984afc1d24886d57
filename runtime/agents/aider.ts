import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {StringDecoder} from 'node:string_decoder';
import {agentFailure, codeOfText} from './acp/failures.ts';
import {askVersion} from './acp/health.ts';
import {describeExit, startProcess} from './acp/process.ts';
import {withResetMoment} from './acp/reset-moment.ts';
import type {AdapterFactory, AgentEvent, AgentRequest} from './adapter.ts';
import {usageOfLine} from './aider/usage.ts';
import {catalogue} from './catalogue.ts';
import {createEventQueue} from './event-queue.ts';
import {findCommand, globalNpmFolders} from './find-command.ts';
import {type AgentSpec, commandLineOf} from './spec.ts';
import {agentMissing} from './unavailable.ts';

type Environment = Readonly<Record<string, string>>;
type End = Extract<AgentEvent, {t: 'end'}>;

/** What makes it work by itself, print plainly, and leave git, updates and analytics alone. */
const fixedArgs = [
	'--yes-always',
	'--no-pretty',
	'--stream',
	'--no-auto-commits',
	'--no-check-update',
	'--no-show-release-notes',
	'--no-analytics',
	'--no-fancy-input',
	'--no-suggest-shell-commands',
];

/** Characters of a line that is looked at; longer ones are text. */
const lineCharactersMax = 4000;

/**
 * Aider, by its plain text: it speaks no protocol. It edits without asking, or, held to reading, only answers (`--chat-mode
 * ask`). As its documentation has it; nobody ran it here.
 */
export const createAiderAdapter: AdapterFactory = (spec, environment) => ({
	id: spec.id,
	capabilities: catalogue.aider.capabilities,
	async health() {
		const program = programOf(spec, environment);
		const found = {id: spec.id, adapter: spec.adapter, command: program ?? spec.command ?? 'aider'};
		if (!program) return {...found, isHealthy: false, version: null, detail: missing(spec).message};
		const {version, problem} = await askVersion(program, {...environment, ...spec.set});
		return {...found, isHealthy: !problem, version, detail: problem ?? null};
	},
	run(request, signal) {
		const events = createEventQueue<AgentEvent>();
		void runOnce(spec, environment, request, signal, events.push, events.drained)
			.catch(
				(error: unknown): End => ({
					t: 'end',
					outcome: 'failed',
					failure: agentFailure(spec.id, 'agent.unreachable', error instanceof Error ? error.message : String(error)),
				}),
			)
			.then(end => {
				events.push(end);
				events.close();
			});
		return events;
	},
});

const programOf = (spec: AgentSpec, environment: Environment): string | undefined =>
	findCommand(spec.command ?? 'aider', environment, [...(spec.searchFolders ?? []), ...globalNpmFolders(environment)]);

const missing = (spec: AgentSpec) => agentMissing(spec.id, '`aider`', catalogue.aider.install);

const runOnce = async (
	spec: AgentSpec,
	environment: Environment,
	request: AgentRequest,
	signal: AbortSignal,
	push: (event: AgentEvent) => void,
	drained: () => Promise<void>,
): Promise<End> => {
	if (signal.aborted) return {t: 'end', outcome: 'cancelled'};
	const program = programOf(spec, environment);
	if (!program) return {t: 'end', outcome: 'failed', failure: plain(missing(spec))};
	const folder = await mkdtemp(path.join(tmpdir(), 'aiworkflow-aider-'));
	try {
		const promptFile = path.join(folder, 'prompt.md');
		await writeFile(promptFile, [request.prompt, request.instructions].filter(Boolean).join('\n\n'), {mode: 0o600});
		const {args, set} = commandLineOf({...spec, modelArg: spec.modelArg ?? '--model'}, request.model ?? spec.model);
		const mode = request.access === 'read-only' ? ['--chat-mode', 'ask'] : [];
		const agent = startProcess({
			command: program,
			args: [...fixedArgs, ...mode, ...args, '--message-file', promptFile],
			cwd: request.cwd,
			environment: {...environment, ...set},
			onError: chunk => request.onDiagnostic?.(chunk),
		});
		agent.stdin.end();
		if (agent.pid !== undefined) request.onProcess?.(agent.pid);
		push({t: 'session', id: 'aider', model: request.model ?? spec.model});
		const reader = createReader(request.model ?? spec.model, push);
		const stopped = Promise.withResolvers<'cancelled'>();
		signal.addEventListener('abort', () => stopped.resolve('cancelled'), {once: true});
		const said = (async () => {
			for await (const chunk of agent.stdout) {
				reader.take(chunk as Buffer);
				await drained();
			}
		})();
		const exit = await Promise.race([said.then(() => agent.exit), stopped.promise]);
		if (exit === 'cancelled') {
			await agent.end();
			return {t: 'end', outcome: 'cancelled'};
		}

		reader.finish();
		await agent.end();
		const words = reader.failure() ?? (exit.code === 0 ? undefined : `${describeExit(exit)}: ${agent.errorTail()}`);
		if (words === undefined) return {t: 'end', outcome: 'ok'};
		const failure = agentFailure(spec.id, codeOfText(words) ?? 'agent.crashed', words);
		return {t: 'end', outcome: 'failed', failure: withResetMoment(failure, [words], Date.now())};
	} finally {
		await rm(folder, {recursive: true, force: true});
	}
};

const plain = ({code, message, suggestion, retryable}: ReturnType<typeof missing>) => ({
	code,
	message,
	suggestion,
	retryable,
});

/** Aider goes on after errors of its provider and may still exit with 0: its words are the only sign. */
const failureLine =
	/^(?:litellm\.\w*Error|The API provider|.*(?:APIError|AuthenticationError|RateLimitError|ServiceUnavailableError|APIConnectionError|NotFoundError|BadRequestError)\b)/;

/** Its banner is about itself. */
const bannerLine =
	/^(?:Aider v|Main model:|Weak model:|Model:|Editor model:|Git repo:|Repo-map:|Use \/help|Added .* to the chat\.?$|https:\/\/aider\.chat\/)/;

const createReader = (model: string | undefined, push: (event: AgentEvent) => void) => {
	const decoder = new StringDecoder('utf8');
	let rest = '';
	let failure: string | undefined;
	const takeLine = (line: string, end: string) => {
		const usage = usageOfLine(line);
		const edited = /^Applied edit to (.+?)\s*$/.exec(line)?.[1];
		if (usage) {
			const {tokens, costMicroUsd} = usage;
			push({t: 'usage', tokens, costMicroUsd, costSource: costMicroUsd === null ? 'none' : 'agent', model});
			// What it says after a failed try that succeeded in the end counts.
			failure = undefined;
		} else if (edited !== undefined) {
			push({t: 'tool', id: `edit ${edited}`, title: 'edit', kind: 'edit', status: 'completed', paths: [edited]});
		} else if (failureLine.test(line)) {
			failure = line;
			push({t: 'retry', detail: line.slice(0, 400)});
		} else if (!bannerLine.test(line)) {
			push({t: 'text', delta: `${line}${end}`});
		}
	};

	const takeText = (text: string) => {
		rest += text;
		for (let at = rest.indexOf('\n'); at !== -1; at = rest.indexOf('\n')) {
			takeLine(rest.slice(0, at).replace(/\r$/, ''), '\n');
			rest = rest.slice(at + 1);
		}

		if (rest.length <= lineCharactersMax) return;
		push({t: 'text', delta: rest});
		rest = '';
	};

	return {
		take: (chunk: Buffer) => takeText(decoder.write(chunk)),
		finish() {
			takeText(decoder.end());
			if (rest !== '') takeLine(rest, '');
			rest = '';
		},
		failure: () => failure,
	};
};
