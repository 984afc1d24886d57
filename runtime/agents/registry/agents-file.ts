import {type Document, LineCounter, parseDocument} from 'yaml';
import {z} from 'zod';
import {AiworkflowError} from '../../../source/errors.ts';
import {parseDurationMs} from '../../../source/units.ts';
import type {Diagnostic} from '../../../source/workflow/diagnostics.ts';
import {type AgentSpec, adapterNames, idleMsDefault} from '../spec.ts';
import {nearestOf} from './nearest.ts';

const name = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'is no name of an environment variable');
const duration = z
	.string()
	.refine(text => parseDurationMs(text) !== undefined, 'is no duration: write for instance 5m or 90s');

const agentSchema = z.strictObject({
	adapter: z.enum(adapterNames).default('acp'),
	command: z.string().min(1),
	args: z.array(z.coerce.string()).default([]),
	env: z.array(name).default([]),
	set: z.record(name, z.coerce.string()).default({}),
	mode: z.string().optional(),
	'model-arg': z.string().optional(),
	'model-env': name.optional(),
	'idle-timeout': duration.optional(),
});

const fileSchema = z.strictObject({agents: z.record(z.string(), agentSchema)});
const idPattern = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** @returns The agents a `.aiworkflow/agents.yaml` describes, or every problem it has, each with its line. Pure. */
export const parseAgentsFile = (
	file: string,
	text: string,
): {readonly specs: readonly AgentSpec[]; readonly diagnostics: readonly Diagnostic[]} => {
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

	const content: unknown = document.toJS() ?? {agents: {}};
	const parsed = fileSchema.safeParse(content);
	const problems = [...(parsed.success ? [] : parsed.error.issues.flatMap(problemsOf)), ...idProblems(content)];
	const diagnostics = problems.map(({path, message, suggestion}) => ({
		code: 'agents.invalid',
		severity: 'error' as const,
		message,
		suggestion,
		...place(offsetOf(document, path)),
	}));
	return {specs: parsed.success && diagnostics.length === 0 ? specsOf(parsed.data) : [], diagnostics};
};

const specsOf = ({agents}: z.infer<typeof fileSchema>): AgentSpec[] =>
	Object.entries(agents).map(([id, agent]) => ({
		id,
		adapter: agent.adapter,
		command: agent.command,
		args: agent.args,
		env: agent.env,
		set: agent.set,
		mode: agent.mode,
		modelArg: agent['model-arg'],
		modelEnv: agent['model-env'],
		idleMs: (agent['idle-timeout'] && parseDurationMs(agent['idle-timeout'])) || idleMsDefault,
	}));

interface Problem {
	readonly path: readonly PropertyKey[];
	readonly message: string;
	readonly suggestion?: string;
}

const problemsOf = (issue: z.core.$ZodIssue): Problem[] => {
	const where = issue.path.join('.') || 'the file';
	if (issue.code !== 'unrecognized_keys') return [{path: issue.path, message: `\`${where}\`: ${issue.message}`}];
	const known = issue.path.length === 0 ? ['agents'] : Object.keys(agentSchema.shape);
	return issue.keys.map(key => {
		const nearest = nearestOf(key, known);
		return {
			path: [...issue.path, key],
			message: `\`${where}\` has an unknown key \`${key}\`.`,
			suggestion: nearest ? `Did you mean \`${nearest}\`?` : `Its keys are: ${known.join(', ')}.`,
		};
	});
};

const idProblems = (content: unknown): Problem[] => {
	const agents = (content as {agents?: unknown} | null)?.agents;
	if (typeof agents !== 'object' || agents === null) return [];
	return Object.keys(agents).flatMap(id => {
		const path = ['agents', id];
		if (id === 'replay') return [{path, message: '`replay` is built in.', suggestion: 'Give this agent another name.'}];
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
