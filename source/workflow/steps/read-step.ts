import type {ScriptLanguage, ScriptText, StepKind} from '../definition.ts';
import {type ExpressionSite, sitesOf} from '../expression/site.ts';
import {type Fence, fencesOf, scriptLanguages} from '../markdown/fences.ts';
import type {StepSection} from '../markdown/outline.ts';
import {type Prose, proseOf} from '../markdown/prose.ts';
import {approvalOutputs, webhookOutputs} from '../scope.ts';
import {readKeys, stepKeys} from '../settings/keys.ts';
import {notBuilt} from '../settings/not-built.ts';
import {readText} from '../settings/read-value.ts';
import type {Report} from '../text/report.ts';
import {readYaml} from '../yaml/read.ts';
import {mappingSuggestion, nounOf, type YamlMap} from '../yaml/tree.ts';
import type {StepBody, StepDraft} from './draft.ts';
import {readFields, type StepFields} from './fields.ts';
import {checkId, idOfHeading} from './id.ts';
import {checkKeysFit, checkUndoFits, isPromptElsewhere, kindOf} from './kind.ts';
import {checkScript} from './script.ts';

/** Reads one step alone; what it says about other steps is checked later. */
export const readStep = (report: Report, section: StepSection, index: number): StepDraft => {
	const fences = fencesOf(report, section);
	const run = fences.find(({role}) => role === 'run');
	const undo = fences.find(({role}) => role === 'undo');
	const {map, isBroken, idGuess} = readSettings(report, fences);
	const entries = readKeys(report, map, stepKeys, notBuilt.step, 'a step');
	const kind = isBroken && !run ? undefined : kindOf(report, map, run);
	const prose = proseOf(report.source, section, fences);
	const fields = readFields(report, entries, kind);
	checkKeysFit(report, map, kind);
	if (kind === 'agent' && prose.text === '' && !isPromptElsewhere(map)) reportEmpty(report, section, entries.size > 0);

	if (kind === 'agent') reportLoneScript(report, section, prose);

	const idEntry = entries.get('id');
	const id = (idEntry ? readText(report, idEntry) : idGuess) ?? idOfHeading(section.title);
	const idStart = idEntry?.value.start ?? section.headingStart;
	if (!isBroken) checkId(report, id, idStart, section.title, index + 1);
	if (run) checkScript(report, run);
	if (undo) {
		checkUndoFits(report, undo, kind);
		checkScript(report, undo, id);
	}

	return {
		index,
		id,
		idStart,
		headingStart: section.headingStart,
		kind,
		isBroken,
		needs: fields.needs,
		sites: [...fields.sites, ...proseSites(report, isBroken && !run ? 'agent' : kind, prose)],
		outputNames: outputNamesOf(kind, isBroken, fields),
		goto: fields.approval?.goto,
		savepoint: fields.savepoint,
		loop: fields.loop,
		body: bodyOf(report, {id, section, kind, fields, run, undo, prose}),
	};
};

interface StepSettings {
	readonly map: YamlMap;
	readonly isBroken: boolean;
	/** The id in settings that cannot be read, so that other steps may still name it. */
	readonly idGuess?: string;
}

const readSettings = (report: Report, fences: readonly Fence[]): StepSettings => {
	const fence = fences.find(({role}) => role === 'step');
	const none: YamlMap = {kind: 'map', start: fence?.contentStart ?? 0, entries: []};
	if (!fence) return {map: none, isBroken: false};
	const text = report.source.text.slice(fence.contentStart, fence.contentEnd);
	const {root, isBroken} = readYaml(report, text, fence.contentStart);
	if (isBroken) return {map: none, isBroken, idGuess: /^ {0,3}id:\s*["']?([\w-]+)/m.exec(text)?.[1]};
	if (root.kind === 'map') return {map: root, isBroken};
	if (root.kind === 'scalar' && root.value === null) return {map: none, isBroken};
	const message = `The settings of a step must be a mapping, not ${nounOf(root)}.`;
	report.error('settings.invalid', root.start, message, mappingSuggestion(root, 'Write `key: value` on each line.'));
	return {map: none, isBroken: true};
};

/** A prompt that is nothing but a script is mostly a script whose fence lacks its second word. */
const reportLoneScript = (report: Report, {nodes}: StepSection, prose: Prose): void => {
	const language = /^(?:`{3,}|~{3,})(\w+)\n/.exec(prose.text)?.[1];
	const others = nodes.filter(node => node.type !== 'html' && !(node.type === 'code' && node.meta));
	if (others.length !== 1 || !scriptLanguages.some(known => known === language)) return;
	const message = `This step is the prompt of an agent: without a role its \`${language}\` fence is text.`;
	report.warning('fence.role-missing', prose.offsetOf(0), message, `Write \`${language} run\` to run it as a script.`);
};

const reportEmpty = (report: Report, section: StepSection, hasSettings: boolean): void => {
	const message = hasSettings ? 'This step has settings but nothing to do.' : 'This step has nothing to do.';
	const {text} = report.source;
	const next = text[section.end];
	const isUnderlined = text[section.headingStart] !== '#' || (next !== undefined && next !== '#');
	const suggestion = isUnderlined
		? 'A line right above `---` is a heading: put an empty line between them if it is text.'
		: 'Write a prompt below the heading, or a `sh run` fence.';
	report.error('step.empty', section.headingStart, message, suggestion);
};

/** Prose is a prompt or a question; beside a script or a wait it is documentation. */
const proseSites = (report: Report, kind: StepKind | undefined, prose: Prose): readonly ExpressionSite[] => {
	if (kind === 'agent') return sitesOf(report, prose.text, 'prompt', prose.offsetOf);
	return kind === 'approval' ? sitesOf(report, prose.text, 'question', prose.offsetOf) : [];
};

const outputNamesOf = (
	kind: StepKind | undefined,
	isBroken: boolean,
	{outputs, wait}: StepFields,
): readonly string[] | undefined => {
	if (isBroken || kind === undefined) return undefined;
	if (kind === 'approval') return approvalOutputs;
	if (kind === 'webhook') return webhookOutputs;
	const declared = outputs && Object.keys(outputs.properties);
	const given = directOutputs[kind];
	if (given) return [...given, ...(declared ?? [])];
	if (kind === 'tool' || kind === 'transform') return declared;
	if (kind === 'script' || kind === 'uses' || wait?.signal !== undefined) return declared;
	return declared ?? [];
};

/** What an answer always has. */
const directOutputs: Readonly<Partial<Record<StepKind, readonly string[]>>> = {
	http: ['status', 'headers', 'body'],
	sql: ['rows', 'rowCount', 'changes'],
};

interface StepParts {
	readonly id: string;
	readonly section: StepSection;
	readonly kind?: StepKind;
	readonly fields: StepFields;
	readonly run?: Fence;
	readonly undo?: Fence;
	readonly prose: Prose;
}

const bodyOf = (report: Report, {id, section, kind, fields, run, undo, prose}: StepParts): StepBody => {
	const {env, cwd, stdin, timeoutMs, continueOnError, outputs, approval, wait, agents, model, others} = fields;
	const {title, headingStart} = section;
	const {line} = report.source.positionOf(headingStart);
	const base = {
		...{id, title, line, if: fields.if, env, cwd, stdin, timeoutMs, continueOnError, outputs},
		...withoutAbsent(others),
		...(undo && {undoScript: scriptTextOf(report, undo)}),
	};
	if (kind === 'script' && run) return {...base, kind, ...scriptTextOf(report, run)};
	if (kind === 'approval' && approval) return {...base, kind, question: prose.text, ...approval.options};
	if (kind === 'wait') return {...base, kind, ...(wait ?? {wait: ''})};
	if (kind === 'uses') return {...base, kind, uses: fields.uses ?? '', with: fields.with ?? {}};
	if (kind === 'tool') return {...base, kind, ...(fields.tool ?? {tool: ''}), with: fields.arguments ?? {}};
	if (kind === 'http' && fields.http) return {...base, kind, http: fields.http};
	if (kind === 'transform') return {...base, kind, ...(fields.transform ?? {expression: ''})};
	if (kind === 'sql' && fields.sql) return {...base, kind, ...fields.sql};
	if (kind === 'webhook') return {...base, kind, ...(fields.webhook ?? noWebhook)};
	checkReset(report, section, fields);
	return {...base, kind: 'agent', prompt: prose.text, agents, model, ...withoutAbsent(fields.ofAgent)};
};

const noWebhook = {url: '', method: 'POST', headers: {}, isAwaited: false} as const;

/** What an agent wrote can be taken back only where it was saved before. */
const checkReset = (report: Report, {headingStart}: StepSection, {ofAgent, others}: StepFields): void => {
	if (ofAgent.failover?.changes !== 'reset' || others.undo) return;
	const message = '`on-failover: reset` takes back what the agent before wrote, and nothing of it is saved.';
	report.error('failover.unsaved', headingStart, message, 'Add `undo: git` or `undo: { files: [path] }` to the step.');
};

const scriptTextOf = (report: Report, {language, code, contentStart}: Fence): ScriptText => ({
	language: language as ScriptLanguage,
	code,
	codeLine: report.source.positionOf(contentStart).line,
});

const withoutAbsent = <T extends object>(settings: T): T =>
	Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
