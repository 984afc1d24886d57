import {createHash} from 'node:crypto';
import path from 'node:path';
import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {maskText} from '../../source/mask.ts';
import {formatSize} from '../../source/units.ts';
import type {
	DirectStep,
	HttpSettings,
	HttpStep,
	SqlStep,
	ToolStep,
	TransformStep,
} from '../../source/workflow/definition.ts';
import type {
	DirectWork,
	HttpBody,
	HttpWork,
	ReplayWork,
	SqlWork,
	TransformWork,
} from '../../source/workflow/direct-work.ts';
import {evaluatedWithin, evaluateTemplate} from '../../source/workflow/expressions.ts';
import type {Scope} from '../../source/workflow/scope.ts';
import type {ChosenTool} from './parts.ts';
import {transformInputOf} from './transform-input.ts';

/** A direct step with its settings evaluated. */
export interface DirectCall {
	/** What the result depends on; what a recording was made for. */
	readonly arguments: unknown;
	/** For people, without what may be secret: `GET example.com/items`. */
	readonly target: string;
	/** `undefined`: it is not known yet which tool does it. */
	readonly work: DirectWork | undefined;
}

export interface DirectCallFacts {
	/** What expressions see, secrets included. */
	readonly scope: Scope;
	/** Absolute. */
	readonly cwd: string;
	/** The same on every attempt of the step. */
	readonly idempotencyKey: string;
	readonly tool?: ChosenTool;
	/** Ids of steps that end before this one. */
	readonly upstream: ReadonlySet<string>;
}

/** @throws AiworkflowError `expression.failed`, `http.failed`, `sql.failed`, `transform.failed`. */
export const directCallOf = (step: DirectStep, facts: DirectCallFacts): DirectCall => {
	switch (step.kind) {
		case 'http':
			return httpCallOf(step, facts);
		case 'transform':
			return transformCallOf(step, facts);
		case 'sql':
			return sqlCallOf(step, facts);
		case 'tool':
			return toolCallOf(step, facts);
	}
};

/** In a replay nothing is reached. */
export const replayWorkOf = ({kind}: DirectStep, sha256: string): ReplayWork => ({
	kind: 'replay',
	of: kind as ReplayWork['of'],
	argumentsSha256: sha256,
});

/** The same whatever the secrets are: a recording is used by others. */
export const argumentsSha256 = (given: unknown, secrets: readonly string[]): string =>
	createHash('sha256')
		.update(maskText(JSON.stringify(given), secrets))
		.digest('hex');

const httpCallOf = ({http}: HttpStep, {scope, idempotencyKey}: DirectCallFacts): DirectCall => {
	const url = urlOf(http, scope);
	const {method, expect, followRedirects} = http;
	const headers = textsOf(http.headers, scope);
	const auth = authOf(http.auth, scope);
	const body = bodyOf(http.body, scope);
	const request = {method, url: url.href, headers, auth, ...(body && {body})};
	const work: HttpWork = {kind: 'http', ...request, expect, followRedirects, idempotencyKey};
	return {arguments: request, target: `${method} ${url.host}${url.pathname}`, work};
};

const urlOf = ({url: template, query}: HttpSettings, scope: Scope): URL => {
	const text = evaluateTemplate(template, scope).trim();
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (url?.protocol !== 'http:' && url?.protocol !== 'https:') throw urlInvalid(template);
	if (url.username || url.password) throw urlWithUser(url.host);
	for (const [name, given] of Object.entries(query)) {
		const value = evaluatedWithin(given, scope);
		// Nothing: the parameter is left out.
		if (value === null || value === undefined) continue;
		for (const each of Array.isArray(value) ? value : [value]) url.searchParams.append(name, textOfValue(each));
	}

	return url;
};

const textOfValue = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const textsOf = (templates: Readonly<Record<string, string>>, scope: Scope): Record<string, string> =>
	Object.fromEntries(
		Object.entries(templates).map(([name, text]) => [name, headerText(name, evaluateTemplate(text, scope))]),
	);

/** A line end would begin another header. */
const headerText = (name: string, text: string): string => {
	const trimmed = text.trim();
	if (!/[^\t\x20-\x7e\x80-\xff]/.test(trimmed)) return trimmed;
	throw new AiworkflowError({
		code: 'http.failed',
		message: `The header ${name} would hold a character that no header can have.`,
		suggestion: 'Headers are one line of plain text; encode the value first.',
	});
};

const authOf = (auth: HttpSettings['auth'], scope: Scope): Record<string, string> => {
	if (!auth) return {};
	if (auth.kind === 'bearer')
		return {authorization: headerText('Authorization', `Bearer ${evaluateTemplate(auth.token, scope)}`)};
	if (auth.kind === 'header') return {[auth.name]: headerText(auth.name, evaluateTemplate(auth.value, scope))};
	const credentials = `${evaluateTemplate(auth.username, scope)}:${evaluateTemplate(auth.password, scope)}`;
	return {authorization: `Basic ${Buffer.from(credentials).toString('base64')}`};
};

const bodyOf = (body: HttpSettings['body'], scope: Scope): HttpBody | undefined => {
	switch (body?.kind) {
		case 'json':
			return {contentType: 'application/json', text: JSON.stringify(evaluatedWithin(body.value, scope) ?? null)};
		case 'form':
			return {contentType: 'application/x-www-form-urlencoded', text: formOf(body.fields, scope)};
		case 'text':
			return {contentType: 'text/plain; charset=utf-8', text: evaluateTemplate(body.text, scope)};
		default:
			return undefined;
	}
};

const formOf = (fields: Readonly<Record<string, unknown>>, scope: Scope): string => {
	const form = new URLSearchParams();
	for (const [name, given] of Object.entries(fields)) {
		const value = evaluatedWithin(given, scope);
		if (value === null || value === undefined) continue;
		for (const each of Array.isArray(value) ? value : [value]) form.append(name, textOfValue(each));
	}

	return form.toString();
};

const transformCallOf = (step: TransformStep, {scope, upstream}: DirectCallFacts): DirectCall => {
	const {expression} = step;
	const input =
		step.input === undefined ? transformInputOf(expression, scope, upstream) : evaluatedWithin(step.input, scope);
	const sizeBytes = Buffer.byteLength(JSON.stringify(input) ?? '');
	if (sizeBytes > limits.transformInputBytesMax) throw inputTooLarge(step.id);
	const work: TransformWork = {kind: 'transform', expression, input};
	return {arguments: {expression, input}, target: shortOf(expression), work};
};

const sqlCallOf = (
	{database: template, query, params: given, transaction}: SqlStep,
	{scope, cwd}: DirectCallFacts,
): DirectCall => {
	const asWritten = evaluateTemplate(template, scope).trim();
	const isServer = /^postgres(?:ql)?:\/\//i.test(asWritten);
	if (asWritten === '' || (!isServer && /^[a-z][a-z0-9+.-]+:\/\//i.test(asWritten))) throw databaseInvalid(template);
	const params = evaluatedWithin(given, scope) as SqlWork['params'];
	const database = isServer || asWritten === ':memory:' ? asWritten : path.resolve(cwd, asWritten);
	const call = {database: asWritten, query, params};
	const work: SqlWork = {kind: 'sql', ...call, database, ...(transaction === undefined ? undefined : {transaction})};
	return {arguments: call, target: `${shortOf(query)} in ${databaseNameOf(asWritten, isServer)}`, work};
};

const toolCallOf = (
	{tool, operation, with: given}: ToolStep,
	{scope, idempotencyKey, tool: chosen}: DirectCallFacts,
): DirectCall => {
	const values = evaluatedWithin(given, scope) as Readonly<Record<string, unknown>>;
	const call = {tool, ...(operation === undefined ? undefined : {operation}), arguments: values};
	const work = chosen && {...call, kind: 'tool' as const, idempotencyKey, ...implementedBy(chosen, scope.secrets)};
	return {arguments: call, target: operation === undefined ? tool : `${tool}.${operation}`, work};
};

/** Only the secrets that its file reads go to its process. */
const implementedBy = (
	{definition, implementations, secretNames}: ChosenTool,
	secrets: Readonly<Record<string, string>>,
) => ({
	definition,
	implementations: implementations.map(({id}) => id),
	secrets: Object.fromEntries(
		secretNames.flatMap(name => (secrets[name] === undefined ? [] : [[name, secrets[name]]])),
	),
});

const shortOf = (text: string): string => {
	const line = text.trim().replaceAll(/\s+/g, ' ');
	return line.length <= targetLengthMax ? line : `${line.slice(0, targetLengthMax - 1)}…`;
};

const targetLengthMax = 60;

/** Without user and password. */
const databaseNameOf = (database: string, isServer: boolean): string => {
	if (!isServer) return path.basename(database);
	const url = URL.canParse(database) ? new URL(database) : undefined;
	return url ? `${url.host}${url.pathname}` : 'postgres';
};

const urlInvalid = (template: string) =>
	new AiworkflowError({
		code: 'http.failed',
		message: `\`url: ${template}\` comes to no whole URL of HTTP.`,
		suggestion:
			'It must begin with `http://` or `https://`; see what its expressions read with `aiworkflow runs show`.',
	});

const urlWithUser = (host: string) =>
	new AiworkflowError({
		code: 'http.failed',
		message: `The URL for ${host} holds a user or a password, which would be in logs.`,
		suggestion: 'Write `auth: { basic: { username: …, password: "${{ secrets.PASSWORD }}" } }`.',
	});

const databaseInvalid = (template: string) =>
	new AiworkflowError({
		code: 'sql.failed',
		message: `\`database: ${template}\` comes to neither a path nor a \`postgres://\` URL.`,
		suggestion: 'Give the path of an SQLite file, or `postgres://user:password@host:5432/name`.',
	});

const inputTooLarge = (stepId: string) =>
	new AiworkflowError({
		code: 'transform.failed',
		message: `What "${stepId}" would be given is larger than ${formatSize(limits.transformInputBytesMax)}.`,
		suggestion: 'Name what it needs: `transform: { input: "${{ steps.x.outputs.rows }}", expression: … }`.',
	});
