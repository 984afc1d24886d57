import path from 'node:path';
import {snapshotFolderOf} from '../../source/paths.ts';
import type {NewEvent} from '../../source/run/events.ts';
import {type RunState, unitKeyOf, unitNameOf} from '../../source/run/state.ts';
import type {AgentStep, StepDefinition, ToolStep} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {attemptContextOf, type ContextFacts, isReplay} from './attempt-context.ts';
import type {BudgetDesk} from './budget-desk.ts';
import {cacheKeyOf} from './cache-key.ts';
import {type AgentFound, chooseAgent, resetFolderOf} from './choose-agent.ts';
import {chooseTool} from './choose-tool.ts';
import type {EngineParts} from './engine-parts.ts';
import type {Loads} from './loads.ts';
import type {OpenRun, Prepared} from './open-run.ts';
import type {CachedResult} from './parts.ts';
import {scopeOf} from './scope.ts';

/** Whether an attempt needs something that takes a while: an agent, a snapshot, a look into the cache. */
export const needsPreparation = (entry: OpenRun, step: StepDefinition, item: number | undefined): boolean =>
	step.kind === 'agent' || needsTool(entry, step) || step.cache !== undefined || isSnapshotDue(entry, step, item);

/** In a replay no tool is called. */
const needsTool = ({run}: OpenRun, step: StepDefinition): step is ToolStep => step.kind === 'tool' && !isReplay(run);

/** One for each generation, before its first attempt. */
const isSnapshotDue = ({run}: OpenRun, {id, undo}: StepDefinition, item: number | undefined): boolean => {
	if (!undo) return false;
	const {generation, attempts} = run.steps[id]!;
	return !run.snapshots.some(
		snapshot =>
			snapshot.stepId === id &&
			snapshot.item === item &&
			(item !== undefined ||
				attempts.some(attempt => attempt.number === snapshot.attempt && attempt.generation === generation)),
	);
};

export interface PreparationParts {
	readonly desk: BudgetDesk;
	readonly loads: Loads;
	/** 0 to 1. */
	readonly random: number;
}

/** What came of the preparation of an attempt. */
export type Preparation =
	| (Prepared & {readonly cacheKey?: string})
	| {readonly cached: CachedResult}
	| Extract<AgentFound, {readonly verdict: unknown}>;

/** @throws AiworkflowError `agent.unreachable`, `tool.unknown`, `agent.circuit-open`, `snapshot.failed`, `expression.failed` and the like. */
export const prepareAttempt = async (
	parts: EngineParts,
	entry: OpenRun,
	step: StepDefinition,
	facts: ContextFacts,
	{desk, loads, random}: PreparationParts,
): Promise<Preparation> => {
	const {attempt, item} = facts;
	const wanted = agentsOf(entry, step);
	const cacheKey = step.cache ? await keyOf(parts, entry, step, facts, wanted) : undefined;
	const cached = cacheKey === undefined ? undefined : parts.cache.read(cacheKey, step.cache?.maxAgeMs);
	if (cached) return {cached};
	if (step.kind !== 'agent') {
		const snapshot = isSnapshotDue(entry, step, item) ? await capture(parts, entry, step, facts) : undefined;
		const tool = needsTool(entry, step) ? await chooseTool(parts, placeOf(entry), step.tool) : undefined;
		return {attempt, snapshot, cacheKey, tool};
	}

	const {prompt = '', model} = attemptContextOf(entry.run, step, facts);
	const access = accessOf(entry.run, step);
	const wish = {step, item, attempt, prompt, model, wanted, access, loads, random};
	const found = await chooseAgent(parts, desk, entry, wish);
	if ('verdict' in found) return found;
	try {
		const resetFolder = resetFolderOf(entry.run, step, item, facts.stateFolder);
		if (resetFolder !== undefined) await parts.snapshots.restore(resetFolder);
		const snapshot = isSnapshotDue(entry, step, item) ? await capture(parts, entry, step, facts) : undefined;
		const {agent, passedOver, route, reservedMicroUsd} = found;
		return {
			...{attempt, agent, passedOver, route, reservedMicroUsd, snapshot, cacheKey},
			...(model === undefined && found.model !== undefined ? {model: found.model} : undefined),
			...(access === 'ask' ? undefined : {access}),
		};
	} catch (error) {
		desk.release(entry.run.id, unitNameOf(step.id, item));
		parts.breakers.letGo('agent', found.agent);
		loads.letGo(found.agent);
		throw error;
	}
};

const placeOf = ({run: {workspace, workflow}}: OpenRun) => ({workspace, bundleFolder: path.dirname(workflow.file)});

/** What comes from strangers must not make an agent write or run anything, unless the step itself says what it may. */
const accessOf = ({taint}: RunState, step: AgentStep): 'ask' | 'read-only' =>
	taint !== undefined && !step.permissions ? 'read-only' : 'ask';

/** A result that another run found. */
export const cachedEvent = (stepId: string, item: number | undefined, result: CachedResult): NewEvent => {
	const {runId, at, outputs, text, agent} = result;
	const body = {stepId, outputs: {...outputs}, text, agent, cached: {runId, at}};
	return item === undefined ? {type: 'step.completed', body} : {type: 'item.completed', body: {...body, item}};
};

/** @returns Agents in order of preference; none for a step that asks none. */
export const agentsOf = ({run, definition}: OpenRun, step: StepDefinition): readonly string[] =>
	step.kind === 'agent' ? ([run.agents, step.agents, definition.agents].find(list => list?.length) ?? []) : [];

const keyOf = async (
	parts: EngineParts,
	{run}: OpenRun,
	step: StepDefinition,
	facts: ContextFacts,
	agents: readonly string[],
): Promise<string> => {
	const context = attemptContextOf(run, step, facts);
	const scope = scopeOf(run, step, facts, facts.item);
	const {files = [], key} = step.cache!;
	const globs = files.map(glob => evaluateTemplate(glob, scope));
	return cacheKeyOf(run, context, {
		agents,
		item: scope.item ?? scope.matrix ?? null,
		key: key === undefined ? '' : evaluateTemplate(key, scope),
		filesDigest: globs.length === 0 ? '' : await parts.cache.filesDigest(context.cwd, globs),
	});
};

const capture = async (parts: EngineParts, {run}: OpenRun, step: StepDefinition, facts: ContextFacts) => {
	const {attempt, item, stateFolder} = facts;
	const undo = step.undo!;
	const scope = scopeOf(run, step, facts, item);
	const cwd = path.resolve(run.workspace, step.cwd === undefined ? '.' : evaluateTemplate(step.cwd, scope) || '.');
	const folder = snapshotFolderOf(stateFolder, run.id, unitKeyOf(step.id, item), attempt);
	const request =
		undo.kind === 'git'
			? ({kind: 'git', workspace: run.workspace, cwd} as const)
			: ({
					kind: 'files',
					workspace: run.workspace,
					cwd,
					paths: undo.paths.map(each => evaluateTemplate(each, scope)),
				} as const);
	return {how: undo.kind, ...(await parts.snapshots.capture(folder, request))};
};
