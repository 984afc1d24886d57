import {randomBytes} from 'node:crypto';
import type {EventBody, Origin, RunParent, UsedWorkflow} from '../../source/run/events.ts';
import {reduce} from '../../source/run/reduce.ts';
import {runIdFrom, runIdLength} from '../../source/run/run-id.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {evaluateTemplate} from '../../source/workflow/expressions.ts';
import {stepOutlinesOf} from '../../source/workflow/plan.ts';
import type {EngineParts} from './engine-parts.ts';
import {type OpenRun, openRunOf} from './open-run.ts';

export interface NewRun {
	readonly definition: WorkflowDefinition;
	/** The file's text and the hash of its bytes. */
	readonly source: string;
	readonly hash: string;
	readonly file: string;
	readonly workspace: string;
	readonly inputs: Readonly<Record<string, unknown>>;
	readonly agents?: readonly string[];
	readonly approveAll: boolean;
	/** Where its inputs come from, if not from a person. */
	readonly taint?: string;
	/** What started it by itself. */
	readonly trigger?: EventBody<'run.created'>['trigger'];
	/** Missing: false. */
	readonly record?: boolean;
	readonly environment: Readonly<Record<string, string>>;
	readonly secrets: Readonly<Record<string, string>>;
	readonly origin: Origin;
	/** The workflows it may use, with their texts; all of them are pinned with it. */
	readonly uses?: readonly PinnedWorkflow[];
	readonly parent?: RunParent;
	readonly forkedFrom?: EventBody<'run.created'>['forkedFrom'];
	/** Chosen beforehand, where another event names it. */
	readonly id?: string;
	/** Called when it is accepted: what it journals is committed with the run. */
	readonly alongside?: () => void;
}

export interface PinnedWorkflow extends UsedWorkflow {
	/** Missing: the journal has it. */
	readonly source?: string;
	readonly definition: WorkflowDefinition;
}

/** Accepts runs: gives them an id and a number, and journals them. Nothing begins yet. */
export const createAcceptance = (parts: EngineParts, writeRow: (entry: OpenRun) => void) => {
	const {journal, clock} = parts;
	const numbers = new Map<string, number>();
	let nextKey: number | undefined;

	const numberOf = (workspace: string, workflow: string) => {
		const name = `${workspace}\n${workflow}`;
		const number = numbers.get(name) ?? parts.runs.nextNumber(workspace, workflow);
		numbers.set(name, number + 1);
		return number;
	};

	return (request: NewRun): OpenRun => {
		const {definition, hash, file, workspace, inputs, agents, approveAll, environment, secrets, origin} = request;
		const id = request.id ?? newRunId();
		nextKey ??= parts.runs.nextKey();
		const key = nextKey++;
		const number = numberOf(workspace, definition.name);
		const body = {
			number,
			workflow: {name: definition.name, hash, file},
			workspace,
			inputs: {...inputs},
			agents: agents && [...agents],
			approveAll,
			trigger: request.trigger,
			taint: request.taint,
			record: request.record || undefined,
			origin,
			steps: stepOutlinesOf(definition),
			budgetMicroUsd: definition.budgets?.find(({period, microUsd}) => !period && microUsd !== undefined)?.microUsd,
			parent: request.parent,
			uses: request.uses?.map(({fromHash, uses, name, hash: usedHash, file: usedFile}) => ({
				...{fromHash, uses, name, hash: usedHash, file: usedFile},
			})),
			forkedFrom: request.forkedFrom,
			concurrency: concurrencyOf(request, id, number),
		};
		parts.environments.save(id, {environment, secrets});
		const atMs = clock.now();
		const run = reduce(undefined, journal.append({id, key}, 1, {type: 'run.created', body}, atMs));
		const entry = openRunOf(run, key, definition, {environment, secrets});
		for (const used of request.uses ?? []) {
			if (used.source !== undefined) parts.definitions.remember(used.hash, used.definition);
		}

		parts.definitions.remember(hash, definition);
		journal.project(() => {
			parts.definitions.write(hash, request.source, definition, atMs);
			for (const used of request.uses ?? []) {
				if (used.source !== undefined) parts.definitions.write(used.hash, used.source, used.definition, atMs);
			}
		});
		writeRow(entry);
		return entry;
	};
};

export type Acceptance = ReturnType<typeof createAcceptance>;

/** A sub-workflow is ruled by the run it belongs to. */
const concurrencyOf = ({definition, inputs, workspace, parent}: NewRun, id: string, number: number) => {
	const {concurrency, name: workflow} = definition;
	if (!concurrency || parent) return undefined;
	const group = evaluateTemplate(concurrency.group, {
		inputs,
		env: {},
		secrets: {},
		run: {id, number, workflow, workspace, feedback: ''},
		trigger: {},
		steps: {},
		attempt: 1,
		condition: {needsFailed: false, ancestorFailed: false, runCancelled: false},
	});
	return {group, overlap: concurrency.overlap};
};

export const newRunId = (): string => runIdFrom(randomBytes(runIdLength));
