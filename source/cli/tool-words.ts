import path from 'node:path';
import type {ToolImplementationView, ToolView} from '../api/messages.ts';
import type {ToolOperation} from '../tools/definition.ts';
import {breakerWords} from './breaker-words.ts';
import type {Output} from './output.ts';

/** One row of a list: whether it can be used, its name, what it is, how many operations it has, what there is to say. */
export const toolRowOf = (tool: ToolView, output: Output): string[] => [
	markedNameOf(tool, output),
	tool.implementations.map(({kind}) => kind).join(', '),
	tool.operations === null ? '' : `${tool.operations} ${tool.operations === 1 ? 'operation' : 'operations'}`,
	troubleOf(tool) ?? tool.implementations.map(stateOf).filter(Boolean).join('; ') ?? '',
	path.relative(process.cwd(), tool.file),
];

/** All that is known of a tool besides its operations, a line for each thing. */
export const toolLinesOf = (tool: ToolView, output: Output): string[] => {
	const {paint} = output;
	const facts: readonly (readonly [string, string | null])[] = [
		['about', tool.description],
		['file', `${tool.file} (${tool.origin})`],
		['state', troubleOf(tool) ?? null],
		...tool.implementations.map(
			each => [each.id, [wordsOfKind(each), stateOf(each)].filter(Boolean).join(', ')] as const,
		),
	];
	const width = Math.max(...facts.map(([name]) => name.length));
	const lines = facts.flatMap(([name, text]) => (text ? [`  ${paint.dim(name.padEnd(width))}  ${text}`] : []));
	return [markedNameOf(tool, output), ...lines];
};

/** `search(query: string, limit?: integer)`, and what it does. */
export const operationLinesOf = (
	{name, description, inputSchema, isReadOnly}: ToolOperation,
	{paint}: Pick<Output, 'paint'>,
): string[] => {
	const properties = Object.entries((inputSchema.properties ?? {}) as Record<string, Schema>);
	const required = new Set(Array.isArray(inputSchema.required) ? inputSchema.required : []);
	const given = properties.map(([key, schema]) => `${key}${required.has(key) ? '' : '?'}: ${typeOf(schema)}`);
	const about = properties.flatMap(([key, schema]) =>
		schema?.description ? [`      ${paint.dim(key)}  ${firstLineOf(schema.description)}`] : [],
	);
	const marks = isReadOnly ? paint.dim('  only reads') : '';
	return [
		`  ${paint.bold(name)}(${given.join(', ')})${marks}`,
		...(description ? [`      ${firstLineOf(description)}`] : []),
		...about,
	];
};

type Schema = {readonly type?: unknown; readonly enum?: readonly unknown[]; readonly description?: string} | undefined;

const typeOf = (schema: Schema): string => {
	if (schema?.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ');
	return Array.isArray(schema?.type) ? schema.type.join(' | ') : String(schema?.type ?? 'any');
};

const firstLineOf = (text: string): string => {
	const line = text.trim().split('\n')[0]!;
	return line.length <= 120 ? line : `${line.slice(0, 119)}…`;
};

const markedNameOf = (tool: ToolView, {paint}: Output): string =>
	`${isUsable(tool) ? paint.green('✓') : paint.yellow('!')} ${tool.name}`;

/** As far as is known without asking it. */
export const isUsable = (tool: ToolView): boolean =>
	troubleOf(tool) === undefined &&
	tool.implementations.some(({breaker, last}) => breaker?.state !== 'open' && last?.isHealthy !== false);

/** What keeps all of it from being used. */
export const troubleOf = ({isTrusted, problems}: ToolView): string | undefined => {
	const errors = problems.filter(({severity}) => severity === 'error');
	const [first] = errors;
	if (!first) return isTrusted ? undefined : 'the workspace is not trusted: run `aiworkflow trust`';
	return `line ${first.line}: ${first.message}${errors.length > 1 ? ` (and ${errors.length - 1} more)` : ''}`;
};

const stateOf = ({id, breaker, last, servers}: ToolImplementationView): string => {
	const failed = last && !last.isHealthy ? `${id}: ${last.failure?.message ?? 'did not work'}` : '';
	const open = servers.map(({state}) => (state === 'idle' ? 'open, idle' : state === 'busy' ? 'open, busy' : state));
	return [failed, breakerWords(breaker), ...open].filter(Boolean).join(', ');
};

const wordsOfKind = ({kind, agents}: ToolImplementationView): string =>
	agents ? `${kind}, for ${agents.join(', ')} only` : kind;
