import {blocksOf} from '../workflow/markdown/outline.ts';
import {isAction} from './formats/action-blocks.ts';
import {isRecord} from './front-matter.ts';
import {pathPartsOf, type SourceFile} from './source-file.ts';

export type ImportFormat = 'skill' | 'claude-agent' | 'claude-command' | 'gh-aw' | 'action-blocks' | 'prompt';

export type Detected =
	| {readonly kind: 'format'; readonly format: ImportFormat}
	/** A workflow of ours. */
	| {readonly kind: 'workflow'}
	| {readonly kind: 'unknown'};

/** What a file is: by where it lies and how it is called first, then by its settings. Never by its prose. */
export const detectFormat = (source: SourceFile): Detected => {
	const {front} = source;
	const parts = pathPartsOf(source.file);
	const folders = parts.slice(0, -1).join('/');
	const has = (...keys: readonly string[]) => keys.some(key => front?.keys.includes(key) === true);
	if (parts.at(-1) === 'skill.md') return format('skill');
	if (/(^|\/)\.claude\/agents(\/|$)/.test(folders)) return format('claude-agent');
	if (/(^|\/)\.claude\/commands(\/|$)/.test(folders)) return format('claude-command');
	if (hasActions(source)) return format('action-blocks');
	if (hasRoles(source) && has('name')) return {kind: 'workflow'};
	if (has('safe-outputs', 'engine', 'tracker-id') || isGitHub(source, folders)) return format('gh-aw');
	if (/(^|\/)(\.claude\/)?skills\/[^/]+$/.test(folders) && has('name') && has('allowed-tools', 'license'))
		return format('skill');
	if (has('argument-hint') || (has('allowed-tools') && !has('name'))) return format('claude-command');
	if (has('allowed-tools', 'license') && has('name') && has('description')) return format('skill');
	if (has('name') && has('description') && has('tools', 'color') && !has('on', 'inputs')) return format('claude-agent');
	if (has('name') && has('inputs', 'agent', 'budget', 'on', 'pass-env')) return {kind: 'workflow'};
	return {kind: 'unknown'};
};

const format = (name: ImportFormat): Detected => ({kind: 'format', format: name});

const hasActions = ({body}: SourceFile): boolean =>
	/^ {0,3}(`{3,}|~{3,})[ \t]*action:\w|^action:[ \t]*\S/m.test(body) &&
	blocksOf(body).some(node => node.type === 'code' && isAction(node));

/** Fences with a role are of this language only. */
const hasRoles = ({body}: SourceFile): boolean =>
	/^ {0,3}(?:`{3,}|~{3,})(?:ya?ml step|(?:sh|bash|python|js|ts) (?:run|undo))[ \t]*$/m.test(body);

/** `on:` of GitHub has events and `workflow_dispatch`; ours has `manual`, `webhook` and the like. */
const isGitHub = ({front}: SourceFile, folders: string): boolean => {
	if (!front?.keys.includes('on')) return false;
	if (folders.endsWith('.github/workflows')) return true;
	const on = front.value('on');
	const names = isRecord(on) ? Object.keys(on) : Array.isArray(on) ? on.map(String) : [String(on)];
	const events =
		/^(workflow_dispatch|issues|issue_comment|pull_request|push|discussion|release|workflow_run|slash_command|command)$/;
	return names.some(name => events.test(name));
};
