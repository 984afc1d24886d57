import {type Document, LineCounter, parseDocument} from 'yaml';
import {z} from 'zod';
import {AiworkflowError} from '../../../source/errors.ts';
import {parseDurationMs} from '../../../source/units.ts';
import {autoAgent, type RoutingStrategy, routingStrategies} from '../../../source/workflow/definition.ts';
import type {Diagnostic} from '../../../source/workflow/diagnostics.ts';
import type {AgentProfile} from '../../attempts/agent-protocol.ts';
import {builtInIds, isBuiltInId} from '../catalogue.ts';
import {profileOf} from '../profiles.ts';
import {type Weights, weightsDefault} from '../routing/candidate.ts';
import {type AgentSpec, adapterNames, idleMsDefault} from '../spec.ts';
import {nearestOf} from './nearest.ts';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');
const duration = z
	.string()
	.refine(text => parseDurationMs(text) !== undefined, 'is no duration: write for instance 5m or 90s');

const dollars = z.number().min(0);
const profileSchema = z.strictObject({
	provider: z.string().optional(),
	model: z.string().optional(),
	capabilities: z.array(z.string()).optional(),
	cost: z
		.strictObject({
			input: dollars.optional(),
			output: dollars.optional(),
			'cached-input': dollars.optional(),
			'cached-write': dollars.optional(),
			request: dollars.optional(),
		})
		.refine(
			({input, output, request}) =>
				(input === undefined) === (output === undefined) && (input ?? request) !== undefined,
			'needs `input` and `output`, or `request`',
		)
		.optional(),
	quality: z.number().min(0).max(1).optional(),
	latency: duration.optional(),
	limits: z.strictObject({concurrent: z.number().int().min(1)}).optional(),
	priority: z.number().optional(),
	tags: z.array(z.string()).optional(),
});

const agentSchema = z.strictObject({
	adapter: z.enum(adapterNames).optional(),
	command: z.string().min(1).optional(),
	protocol: z.enum(['acp', 'headless']).optional(),
	model: z.string().optional(),
	provider: z.string().optional(),
	'base-url': z.url().optional(),
	'read-only-mode': z.string().optional(),
	profile: profileSchema.optional(),
	args: z.array(z.coerce.string()).default([]),
	env: z.array(name).default([]),
	set: z.record(name, z.coerce.string()).default({}),
	mode: z.string().optional(),
	'model-arg': z.string().optional(),
	'model-env': name.optional(),
	'idle-timeout': duration.optional(),
	tools: z.enum(['mcp', 'command', 'none']).optional(),
});

const names = z.union([z.string().transform(name => [name]), z.array(z.string())]);
const routingSchema = z.strictObject({
	strategy: z.enum(routingStrategies).optional(),
	weights: z.strictObject({cost: dollars, quality: dollars, latency: dollars, load: dollars}).partial().optional(),
	prefer: names.default([]),
	exclude: names.default([]),
});

const fileSchema = z.strictObject({
	agents: z.record(z.string(), agentSchema).default({}),
	routing: routingSchema.optional(),
});

/** How a workspace chooses among agents, where a step does not say. */
export interface WorkspaceRouting {
	readonly strategy?: RoutingStrategy;
	readonly weights: Weights;
	readonly prefer: readonly string[];
	readonly exclude: readonly string[];
}
const idPattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** @returns The agents a `.aiworkflow/agents.yaml` describes, or every problem it has, each with its line. Pure. */
export const parseAgentsFile = (
	file: string,
	text: string,
): {
	readonly specs: readonly AgentSpec[];
	readonly routing?: WorkspaceRouting;
	readonly diagnostics: readonly Diagnostic[];
} => {
	const lineCounter = new LineCounter();
	const document = parseDocument(text, {lineCounter, logLevel: 'error'});
	const place = (offset: number) => {
		const {line, col} = lineCounter.linePos(offset);
		return {file, line, column: col, source: text.split('\n')[line - 1]?.slice(0, 200)};
	};

	if (document.errors.length > 0) {
		const diagnostics = document.errors.map(error => ({
			code: 'agents.invalid',
			severity: 'error' as const,
			message: error.message.split('\n')[0]!,
			...place(error.pos[0]),
		}));
		return {specs: [], diagnostics};
	}

	const content: unknown = document.toJS() ?? {};
	const parsed = fileSchema.safeParse(content);
	const problems = [
		...(parsed.success
			? [...commandProblems(parsed.data), ...toolsProblems(parsed.data)]
			: parsed.error.issues.flatMap(problemsOf)),
		...idProblems(content),
	];
	const diagnostics = problems.map(({path, message, suggestion}) => ({
		code: 'agents.invalid',
		severity: 'error' as const,
		message,
		suggestion,
		...place(offsetOf(document, path)),
	}));
	if (!parsed.success || diagnostics.length > 0) return {specs: [], diagnostics};
	const {routing} = parsed.data;
	return {
		specs: specsOf(parsed.data),
		...(routing && {routing: {...routing, weights: {...weightsDefault, ...routing.weights}}}),
		diagnostics,
	};
};

const specsOf = ({agents}: z.infer<typeof fileSchema>): AgentSpec[] =>
	Object.entries(agents).map(([id, agent]) => ({
		id,
		adapter: adapterOf(id, agent),
		command: agent.command,
		args: agent.args,
		env: agent.env,
		set: agent.set,
		mode: agent.mode,
		modelArg: agent['model-arg'],
		modelEnv: agent['model-env'],
		readOnlyMode: agent['read-only-mode'],
		...(agent.tools && {tools: agent.tools}),
		protocol: agent.protocol,
		model: agent.model,
		provider: agent.provider,
		baseUrl: agent['base-url'],
		profile: agent.profile && profileOf(adapterOf(id, agent), profileFrom(agent.profile)),
		idleMs: (agent['idle-timeout'] && parseDurationMs(agent['idle-timeout'])) || idleMsDefault,
	}));

const profileFrom = ({cost, latency, limits, ...profile}: z.infer<typeof profileSchema>): Partial<AgentProfile> => ({
	...profile,
	...(cost && {
		cost: {
			input: cost.input,
			output: cost.output,
			cachedInput: cost['cached-input'],
			cachedWrite: cost['cached-write'],
			request: cost.request,
		},
	}),
	...(latency && {latencyMs: parseDurationMs(latency)}),
	...(limits && {concurrent: limits.concurrent}),
});
type Described = z.infer<typeof agentSchema>;

/** An agent with the id of a built-in one is that one, changed, unless it says otherwise. */
const adapterOf = (id: string, agent: Described): AgentSpec['adapter'] =>
	agent.adapter ?? (isBuiltInId(id) ? id : 'acp');

interface Problem {
	readonly path: readonly PropertyKey[];
	readonly message: string;
	readonly suggestion?: string;
}

const problemsOf = (issue: z.core.$ZodIssue): Problem[] => {
	const where = issue.path.join('.') || 'the file';
	if (issue.code !== 'unrecognized_keys') return [{path: issue.path, message: `\`${where}\`: ${issue.message}`}];
	const known = keysAt(issue.path);
	return issue.keys.map(key => {
		const nearest = nearestOf(key, known);
		return {
			path: [...issue.path, key],
			message: `\`${where}\` has an unknown key \`${key}\`.`,
			suggestion: nearest ? `Did you mean \`${nearest}\`?` : `Its keys are: ${known.join(', ')}.`,
		};
	});
};

const keysAt = (place: readonly PropertyKey[]): string[] => {
	if (place.length === 0) return ['agents', 'routing'];
	if (place[0] === 'routing') return Object.keys(routingSchema.shape);
	if (place.length === 2) return Object.keys(agentSchema.shape);
	return place.at(-1) === 'cost'
		? ['input', 'output', 'cached-input', 'cached-write', 'request']
		: Object.keys(profileSchema.shape);
};
/** How the others are given tools is known. */
const toolsProblems = ({agents}: z.infer<typeof fileSchema>): Problem[] =>
	Object.entries(agents).flatMap(([id, agent]) => {
		if (agent.tools === undefined || adapterOf(id, agent) === 'acp') return [];
		const message = `\`agents.${id}.tools\` is for agents that nothing but their description tells of.`;
		return [{path: ['agents', id, 'tools'], message, suggestion: 'Remove it.'}];
	});

/** What is known by its protocol only has to say what to start. */
const commandProblems = ({agents}: z.infer<typeof fileSchema>): Problem[] =>
	Object.entries(agents).flatMap(([id, agent]) => {
		if (agent.command !== undefined || adapterOf(id, agent) !== 'acp') return [];
		const suggestion = `Write \`command:\`, or the \`adapter:\` of a built-in agent (${builtInIds.join(', ')}).`;
		return [{path: ['agents', id], message: `\`agents.${id}\` has no \`command\`.`, suggestion}];
	});

const idProblems = (content: unknown): Problem[] => {
	const agents = (content as {agents?: unknown} | null)?.agents;
	if (typeof agents !== 'object' || agents === null) return [];
	return Object.keys(agents).flatMap(id => {
		const path = ['agents', id];
		if (id === 'replay') return [{path, message: '`replay` is built in.', suggestion: 'Give this agent another name.'}];
		if (id === autoAgent)
			return [{path, message: '`auto` stands for any agent.', suggestion: 'Give this agent another name.'}];
		if (idPattern.test(id)) return [];
		return [{path, message: `"${id}" is no name for an agent.`, suggestion: 'Use letters, digits, - and _.'}];
	});
};

/** Where the deepest part of a path stands that the document has; a key, where the last part is one. */
const offsetOf = (document: Document, path: readonly PropertyKey[]): number => {
	for (let length = path.length; length > 0; length--) {
		const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
		const last = path[length - 1];
		const items = (parent as {items?: ReadonlyArray<{key?: Ranged; range?: Range}>} | undefined)?.items ?? [];
		const item = typeof last === 'number' ? items[last] : items.find(({key}) => key?.value === last)?.key;
		if (item?.range) return item.range[0];
	}

	return 0;
};

type Range = readonly [number, number, number] | null;
interface Ranged {
	readonly value?: unknown;
	readonly range?: Range;
}

export const agentsFileInvalid = (file: string, diagnostics: readonly Diagnostic[]) => {
	const [first] = diagnostics;
	const rest = diagnostics.length > 1 ? ` (and ${diagnostics.length - 1} more)` : '';
	return new AiworkflowError({
		code: 'agents.invalid',
		message: `${file}:${first!.line}:${first!.column}: ${first!.message}${rest}`,
		suggestion: first!.suggestion ?? 'Mend the file; docs/agents.md describes it.',
		diagnostics,
	});
};
