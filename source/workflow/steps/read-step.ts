import type {ApprovalStep, ScriptLanguage, StepKind} from '../definition.ts';
import {type ExpressionSite, type PlaceKind, sitesOf} from '../expression/site.ts';
import {type Fence, fencesOf} from '../markdown/fences.ts';
import type {StepSection} from '../markdown/outline.ts';
import {type Prose, proseOf} from '../markdown/prose.ts';
import {approvalOutputs} from '../scope.ts';
import {readApproval} from '../settings/approval.ts';
import {readEnvironment} from '../settings/env.ts';
import {readKeys, stepKeys} from '../settings/keys.ts';
import {insteadOf, notBuilt, notBuiltMessage} from '../settings/not-built.ts';
import {readOutputsSchema} from '../settings/output-schema.ts';
import {readBoolean, readDurationMs, readMap, readTemplate, readText, readTextList} from '../settings/read-value.ts';
import {readWait} from '../settings/wait.ts';
import type {Report} from '../text/report.ts';
import {readYaml} from '../yaml/read.ts';
import {nounOf, type YamlEntry, type YamlMap} from '../yaml/tree.ts';
import {readCondition} from './condition.ts';
import type {StepBody, StepDraft} from './draft.ts';
import {checkId, idOfHeading} from './id.ts';
import {checkKeysFit, isPromptElsewhere, kindOf} from './kind.ts';
import {checkScript} from './script.ts';

type StepKey = (typeof stepKeys)[number];

/** Reads one step alone; what it says about other steps is checked later. */
export const readStep = (report: Report, section: StepSection, index: number): StepDraft => {
	const fences = fencesOf(report, section);
	const run = fences.find(fence => fence.role === 'run');
	const settings = readSettings(
		report,
		fences.find(fence => fence.role === 'step'),
	);
	const {map, isBroken} = settings;
	const entries = readKeys(report, map, stepKeys, notBuilt.step, 'a step');
	const read = <T>(key: StepKey, reader: (report: Report, entry: YamlEntry) => T): T | undefined => {
		const entry = entries.get(key);
		return entry && reader(report, entry);
	};

	reportUndo(report, fences);
	const kind = isBroken && !run ? undefined : kindOf(report, map, run);
	checkKeysFit(report, map, kind);
	const prose = proseOf(report.source, section, fences);
	if (kind === 'agent' && prose.text === '' && !isPromptElsewhere(map)) reportEmpty(report, section, entries.size > 0);
	if (run) checkScript(report, run);

	const idEntry = entries.get('id');
	const id = (idEntry ? readText(report, idEntry) : settings.idGuess) ?? idOfHeading(section.title);
	const idStart = idEntry?.value.start ?? section.headingStart;
	if (!isBroken) checkId(report, id, idStart, section.title, index + 1);

	const environment = readEnvironment(report, entries.get('env'), 'env');
	const condition = read('if', readCondition);
	const outputs = read('outputs', readMap);
	const schema = outputs && readOutputsSchema(report, outputs);
	const template = (key: StepKey, place: PlaceKind) => readPlacedTemplate(report, entries.get(key), place);
	const [stdin, cwd, model] = [template('stdin', 'stdin'), template('cwd', 'setting'), template('model', 'setting')];
	const wait = read('wait', readWait);
	const approval = read('approval', readApproval);
	const agents = read('agent', readTextList)?.map(({text}) => text) ?? [];

	const base = {
		id,
		title: section.title,
		line: report.source.positionOf(section.headingStart).line,
		if: condition?.expression,
		env: environment.templates,
		cwd: cwd.text,
		stdin: stdin.text,
		timeoutMs: read('timeout', readDurationMs),
		continueOnError: read('continue-on-error', readBoolean) ?? false,
		outputs: schema,
	};
	const parts: BodyParts = {run, prose, agents, model: model.text, wait, approval};
	return {
		index,
		id,
		idStart,
		headingStart: section.headingStart,
		kind,
		isBroken,
		needs: isBroken ? undefined : read('needs', readTextList),
		sites: [
			...(condition ? [condition] : []),
			...environment.sites,
			...stdin.sites,
			...cwd.sites,
			...model.sites,
			...(wait === undefined ? [] : template('wait', 'setting').sites),
			...proseSites(report, isBroken && !run ? 'agent' : kind, prose),
		],
		outputNames: outputNamesOf(kind, isBroken, schema && Object.keys(schema.properties)),
		body: bodyOf(report, kind, base, parts),
	};
};

interface StepSettings {
	readonly map: YamlMap;
	readonly isBroken: boolean;
	/** The id in settings that cannot be read, so that other steps may still name it. */
	readonly idGuess?: string;
}

const readSettings = (report: Report, fence: Fence | undefined): StepSettings => {
	const none: YamlMap = {kind: 'map', start: fence?.contentStart ?? 0, entries: []};
	if (!fence) return {map: none, isBroken: false};
	const text = report.source.text.slice(fence.contentStart, fence.contentEnd);
	const {root, isBroken} = readYaml(report, text, fence.contentStart);
	if (isBroken) return {map: none, isBroken, idGuess: /^\s*id:\s*["']?([\w-]+)/m.exec(text)?.[1]};
	if (root.kind === 'map') return {map: root, isBroken};
	if (root.kind === 'scalar' && root.value === null) return {map: none, isBroken};
	const message = `The settings of a step must be a mapping, not ${nounOf(root)}.`;
	report.error('settings.invalid', root.start, message, 'Write `key: value` on each line.');
	return {map: none, isBroken: true};
};

const reportUndo = (report: Report, fences: readonly Fence[]): void => {
	for (const {role, language, start} of fences) {
		if (!notBuilt.fences.some(known => known === role)) continue;
		report.error('feature.not-built', start, notBuiltMessage(`${language} ${role}`), insteadOf(role));
	}
};

const reportEmpty = (report: Report, section: StepSection, hasSettings: boolean): void => {
	const message = hasSettings ? 'This step has settings but nothing to do.' : 'This step has nothing to do.';
	report.error('step.empty', section.headingStart, message, 'Write a prompt below the heading, or a `sh run` fence.');
};

const readPlacedTemplate = (report: Report, entry: YamlEntry | undefined, place: PlaceKind) => {
	const text = entry && readTemplate(report, entry);
	const sites: readonly ExpressionSite[] =
		text !== undefined && entry?.value.kind === 'scalar' ? sitesOf(report, text, place, entry.value.offsetOf) : [];
	return {text, sites};
};

/** Prose is a prompt or a question; beside a script or a wait it is documentation. */
const proseSites = (report: Report, kind: StepKind | undefined, prose: Prose): readonly ExpressionSite[] => {
	if (kind === 'agent') return sitesOf(report, prose.text, 'prompt', prose.offsetOf);
	return kind === 'approval' ? sitesOf(report, prose.text, 'question', prose.offsetOf) : [];
};

const outputNamesOf = (
	kind: StepKind | undefined,
	isBroken: boolean,
	declared: readonly string[] | undefined,
): readonly string[] | undefined => {
	if (isBroken || kind === undefined) return undefined;
	if (kind === 'approval') return approvalOutputs;
	if (kind === 'script') return declared;
	return declared ?? [];
};

interface BodyParts {
	readonly run?: Fence;
	readonly prose: Prose;
	readonly agents: readonly string[];
	readonly model?: string;
	readonly wait?: string;
	readonly approval?: Pick<ApprovalStep, 'expiresMs' | 'onExpire' | 'onReject'>;
}

type Base = Omit<Extract<StepBody, {kind: 'wait'}>, 'kind' | 'wait'>;

const bodyOf = (report: Report, kind: StepKind | undefined, base: Base, parts: BodyParts): StepBody => {
	const {run, prose, agents, model, wait, approval} = parts;
	if (kind === 'script' && run) {
		const codeLine = report.source.positionOf(run.contentStart).line;
		return {...base, kind, language: run.language as ScriptLanguage, code: run.code, codeLine};
	}

	if (kind === 'approval' && approval) return {...base, kind, question: prose.text, ...approval};
	if (kind === 'wait') return {...base, kind, wait: wait ?? ''};
	return {...base, kind: 'agent', prompt: prose.text, agents, model};
};
