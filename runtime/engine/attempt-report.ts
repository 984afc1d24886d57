import type {NewEvent, UnitRef} from '../../source/run/events.ts';
import {type ApprovalState, type RunState, unitNameOf} from '../../source/run/state.ts';
import type {StepDefinition} from '../../source/workflow/definition.ts';
import type {BudgetDesk} from './budget-desk.ts';
import type {EngineParts} from './engine-parts.ts';
import {questionDuring} from './money-questions.ts';
import type {OpenRun} from './open-run.ts';
import {answerOf, rulesFor} from './permission-answers.ts';
import {pricedEvent} from './pricing.ts';

export interface ReportHooks {
	readonly append: (entry: OpenRun, events: readonly NewEvent[]) => void;
	readonly settle: (entry: OpenRun) => void;
	/** Nothing of the run is to be journalled any more. */
	readonly isOver: (entry: OpenRun) => boolean;
	readonly stop: (entry: OpenRun, unit: UnitRef) => void;
	readonly desk: BudgetDesk;
}

/** What running attempts tell, and what they are told: answers, to go on, to stop. */
export const createAttemptReports = (parts: EngineParts, {append, settle, isOver, stop, desk}: ReportHooks) => {
	/** Rules that cannot be read answer nothing: a person is asked. */
	const ofWorkspace = async ({run}: OpenRun) => {
		try {
			return (await parts.workspaceRules?.permissionsOf(run.workspace)) ?? [];
		} catch (error) {
			parts.onDefect(error, `permissions of ${run.workspace}`);
			return [];
		}
	};

	/** @returns The events, each permission request that a rule answers followed by its answer. */
	const withAnswers = async (
		entry: OpenRun,
		step: StepDefinition,
		events: readonly NewEvent[],
	): Promise<NewEvent[]> => {
		if (!events.some(({type, body}) => type === 'approval.requested' && body.kind === 'permission')) return [...events];
		const {run, definition} = entry;
		const rules = rulesFor(run, definition, step, await ofWorkspace(entry));
		return events.flatMap(event => {
			const answer = answerOf(event, rules, run.workspace);
			return answer ? [event, answer] : [event];
		});
	};

	/** Hands an answer over; one that cannot be handed over now is handed over by the next daemon. */
	const deliver = (entry: OpenRun, {id, kind, stepId, item, attempt, status, optionId}: ApprovalState) => {
		const unit = {stepId, item};
		const handle = entry.handles.get(unitNameOf(stepId, item));
		const onError = (error: unknown) => parts.onDefect(error, `answer to ${id} in run ${entry.run.id}`);
		if (kind === 'permission') handle?.answerPermission?.(id, optionId ?? null).catch(onError);
		if (kind !== 'budget' || attempt === undefined) return;
		if (status === 'rejected') return stopForMoney(entry, unit, id);
		handle?.hold?.(status === 'open').catch(onError);
	};

	const stopForMoney = (entry: OpenRun, {stepId, item}: UnitRef, approvalId: string) => {
		const {origin, comment} = entry.run.approvals[approvalId]!;
		entry.stoppedFor.set(unitNameOf(stepId, item), {
			code: 'budget.exceeded',
			message: `"${unitNameOf(stepId, item)}" was ended: ${origin?.by ?? 'somebody'} decided against spending more on it${comment ? `: ${comment}` : ''}.`,
			suggestion: 'Go on with `aiworkflow runs retry` once there is more to spend.',
		});
		stop(entry, {stepId, item});
	};

	/** Something was spent: whether it may go on. */
	const checkBudgets = (entry: OpenRun, step: StepDefinition, item: number | undefined, attempt: number) => {
		const {events, exceeded} = desk.during(entry, step, item);
		const name = unitNameOf(step.id, item);
		const isAsked = Object.values(entry.run.approvals).some(
			approval =>
				approval.kind === 'budget' &&
				approval.status === 'open' &&
				approval.stepId === step.id &&
				approval.item === item,
		);
		append(entry, events);
		if (!exceeded || isAsked || entry.stopping.has(name)) return;
		const question = questionDuring(entry.run, {step, item, attempt}, exceeded);
		append(entry, question.events);
		if (question.failure) {
			entry.stoppedFor.set(name, question.failure);
			stop(entry, {stepId: step.id, item});
		} else {
			for (const event of question.events) {
				if (event.type === 'approval.requested') deliver(entry, entry.run.approvals[event.body.approvalId]!);
			}
		}
	};

	return {
		/** Journals what an attempt reports; resolves when it is durable. */
		async report(
			entry: OpenRun,
			step: StepDefinition,
			item: number | undefined,
			attempt: number,
			newEvents: readonly NewEvent[],
		) {
			if (isOver(entry)) return;
			const atMs = parts.clock.now();
			const known = newEvents
				.filter(newEvent => !isLateWithdrawal(entry.run, newEvent))
				.map(event => (parts.money ? pricedEvent(parts.money.prices, entry.run, event, atMs) : event));
			const events = await withAnswers(entry, step, known);
			if (isOver(entry)) return;
			append(entry, events);
			settle(entry);
			await parts.journal.durable();
			if (isOver(entry)) return;
			for (const event of known) {
				if (event.type !== 'approval.requested') continue;
				const approval = entry.run.approvals[event.body.approvalId]!;
				if (approval.rule !== undefined) deliver(entry, approval);
			}

			if (known.some(({type}) => type === 'usage.recorded')) {
				checkBudgets(entry, step, item, attempt);
				settle(entry);
			}
		},
		deliver,
		/** After a restart: handing anything over twice changes nothing. */
		redeliver(entry: OpenRun, step: StepDefinition, item: number | undefined, attempt: number) {
			const {id: stepId} = step;
			for (const approval of Object.values(entry.run.approvals)) {
				const {kind, status} = approval;
				const isIts = approval.stepId === stepId && approval.item === item && approval.attempt === attempt;
				const isAnswered = status === 'approved' || status === 'rejected';
				if (isIts && (isAnswered || (kind === 'budget' && status === 'open'))) deliver(entry, approval);
			}

			// The daemon before may have died after something was spent and before it asked.
			if (step.kind === 'agent') checkBudgets(entry, step, item, attempt);
		},
	};
};

/** An agent may take its question back while the answer is on its way: what was answered stays answered. */
const isLateWithdrawal = (run: RunState, {type, body}: NewEvent): boolean =>
	type === 'approval.withdrawn' && run.approvals[body.approvalId]?.status !== 'open';
