import path from 'node:path';
import type {AgentAction, PermissionRules} from '../run/events.ts';

export type {AgentAction, PermissionRules};

export const permissionKeys = ['write', 'run', 'network', 'tools'] as const;

export type PermissionVerdict =
	| {readonly decision: 'allow' | 'reject'; readonly rule: string}
	| {readonly decision: 'ask'};

const ask: PermissionVerdict = {decision: 'ask'};

/**
 * What rules say about an action. A refusal wins over every allowance; what no rule names is asked. Pure.
 *
 * @param action Its paths resolved: no symbolic link in them leads elsewhere.
 */
export const verdictOf = (
	rules: readonly PermissionRules[],
	action: AgentAction,
	workspace: string,
): PermissionVerdict => {
	const key = keyOf[action.kind];
	if (!key) return ask;
	const subjects = subjectsOf(action, workspace);
	if (subjects.length === 0) return ask;
	const patterns = rules.flatMap(each => each[key] ?? []);
	const refused = patterns.find(
		pattern => pattern.startsWith('!') && refuses(action, subjects, pattern.slice(1).trim()),
	);
	if (refused) return {decision: 'reject', rule: `${key}: ${refused}`};
	const allowing = subjects.map(subject => patterns.find(pattern => allows(action, subject, pattern)));
	return allowing.every(pattern => pattern !== undefined)
		? {decision: 'allow', rule: `${key}: ${[...new Set(allowing)].join(', ')}`}
		: ask;
};

const keyOf: Readonly<Record<AgentAction['kind'], (typeof permissionKeys)[number] | undefined>> = {
	read: undefined,
	write: 'write',
	run: 'run',
	network: 'network',
	tool: 'tools',
};

/** What is matched; a path outside of the workspace stays absolute, so that no relative pattern matches it. */
const subjectsOf = ({kind, paths = [], command, host, tool, operation}: AgentAction, workspace: string): string[] => {
	if (kind === 'write') {
		return paths.map(file => {
			const relative = path.relative(workspace, file);
			return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
		});
	}

	const called = operation === undefined ? tool : `${tool}.${operation}`;
	const subject = kind === 'run' ? command : kind === 'network' ? host : called;
	return subject === undefined || subject.trim() === '' ? [] : [subject.trim()];
};

/** What may begin another command, or write a file, in a shell. */
const controlCharacters = /[;&|<>`$()\n\r\\]/;

const allows = (action: AgentAction, subject: string, pattern: string): boolean => {
	const {kind} = action;
	if (pattern.startsWith('!')) return false;
	if (isWholeTool(action, pattern)) return true;
	// A relative pattern is about the workspace, and what is outside of it is absolute.
	if (kind === 'write')
		return path.isAbsolute(subject) === path.isAbsolute(pattern) && path.matchesGlob(subject, pattern);
	if (kind !== 'run') return wildcardOf(pattern, '.*').test(subject);
	// Written out it means exactly this, whatever characters it has.
	return subject === pattern || (!controlCharacters.test(subject) && wildcardOf(pattern, '.*').test(subject));
};

/** Generous where {@link allows} is strict: any part of a command line will do. */
const refuses = (action: AgentAction, subjects: readonly string[], pattern: string): boolean =>
	isWholeTool(action, pattern) ||
	subjects.some(subject => {
		const {kind} = action;
		if (kind === 'write') return path.matchesGlob(subject, pattern);
		if (kind !== 'run') return wildcardOf(pattern, '.*').test(subject);
		return [subject, ...subject.split(/[;&|`()\n\r]+|\$\(/)].some(part =>
			wildcardOf(pattern, '[^]*').test(part.trim()),
		);
	});

/** The name of a given tool alone means all its operations. */
const isWholeTool = ({kind, tool, operation}: AgentAction, pattern: string): boolean =>
	kind === 'tool' && operation !== undefined && pattern.trim() === tool;

/** `npm run *` → a pattern for the whole text; `npm *` fits `npm` as well. */
const wildcardOf = (pattern: string, any: string): RegExp => {
	const quoted = pattern
		.trim()
		.split('*')
		.map(part => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
	const source = quoted.join(any).replace(/ (\.\*|\[\^\]\*)$/, '(?: $1)?');
	return new RegExp(`^${source}$`, 'i');
};

/**
 * What a person allows "for this run": the same action again, without asking. A command is the same where every character
 * is; a file where its folder is; a host, a tool where their names are.
 *
 * @returns `undefined` for what is too vague to be the same again.
 */
export const rulesForRun = (action: AgentAction, workspace: string): PermissionRules | undefined => {
	const [subject] = subjectsOf(action, workspace);
	if (subject === undefined) return undefined;
	if (action.kind === 'write') {
		const folders = subjectsOf(action, workspace).map(file => path.dirname(file));
		if (folders.some(folder => path.isAbsolute(folder))) return undefined;
		return {write: [...new Set(folders.map(folder => (folder === '.' ? '*' : `${folder}/*`)))]};
	}

	if (subject.includes('*') || subject.startsWith('!')) return undefined;
	const key = keyOf[action.kind];
	return key && {[key]: [subject]};
};
