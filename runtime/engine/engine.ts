import {AiworkflowError, journalUnwritable} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {Origin, PermissionRules} from '../../source/run/events.ts';
import {type ApprovalState, isRunEnded, type RunState} from '../../source/run/state.ts';
import {rulesForRun} from '../../source/workflow/permissions.ts';
import type {NewRun} from './acceptance.ts';
import {createDriver} from './driver.ts';
import type {EngineParts} from './engine-parts.ts';
import {grantedEvents} from './money-questions.ts';
import {createSteering} from './steer.ts';

export type {NewRun} from './acceptance.ts';

/** Runs: accepted, driven until they end, taken up again after a crash. Every promise resolves when it is durable. */
export const createEngine = (parts: EngineParts) => {
	const {journal} = parts;
	const driver = createDriver(parts);
	const {open, append, settle, load} = driver;

	/** Takes up a few runs, then lets the event loop have its turn. A run that cannot be read does not keep the others. */
	const takeUp = (ids: readonly string[], from: number) => {
		for (const id of ids.slice(from, from + limits.recoverRunsAtOnce)) {
			if (driver.isStopped() || journal.failure) return;
			try {
				const entry = load(id);
				if (entry && entry.run.phase !== 'queued') settle(entry);
			} catch (error) {
				parts.onDefect(error, `run ${id} cannot be taken up`);
			}
		}

		if (from + limits.recoverRunsAtOnce < ids.length) {
			setImmediate(() => takeUp(ids, from + limits.recoverRunsAtOnce));
			return;
		}

		driver.releaseQueue();
		driver.parking.begin();
	};

	return {
		...createSteering(parts, driver),
		/** Accepts a run. Resolves when it is durable: from then on it is never lost. */
		async createRun(request: NewRun): Promise<RunState> {
			if (journal.failure) throw journal.failure;
			if (driver.isStopped()) throw journalUnwritable('journal.db', 'the daemon is stopping');
			const entry = driver.accept(request);
			request.alongside?.();
			driver.enqueue(entry);
			await journal.durable();
			return entry.run;
		},

		/** @returns Whether there was an open run to cancel. Resolves when the wish is durable. */
		async cancelRun(id: string, origin: Origin, reason: string): Promise<boolean> {
			const entry = load(id);
			if (!entry || isRunEnded(entry.run)) return false;
			driver.cancel(id, origin, reason);
			await journal.durable();
			return true;
		},

		/** Answers an open approval. @returns Whether it was open. Resolves when the answer is durable. */
		async answerApproval(
			runId: string,
			approvalId: string,
			answer: {
				readonly isApproved: boolean;
				readonly origin: Origin;
				readonly comment?: string;
				readonly optionId?: string;
				/** The same is allowed for the rest of the run. */
				readonly forRun?: boolean;
				/** What a budget is extended by, in micro-dollars or its own unit. Default: what was asked for. */
				readonly extendBy?: number;
				/** What was made of a text that may be changed. */
				readonly text?: string;
			},
		): Promise<boolean> {
			const entry = load(runId);
			// Its time may have passed while the machine slept, with the timer still to notice.
			if (entry) settle(entry);
			const approval = entry?.run.approvals[approvalId];
			if (!entry || approval?.status !== 'open' || isRunEnded(entry.run)) return false;
			const {isApproved, origin, comment, forRun, extendBy, text} = answer;
			const {stepId, item} = approval;
			const optionId = answer.optionId ?? approval.options?.find(option => option.isAllow === isApproved)?.id;
			const granted = isApproved ? grantedEvents(entry.run, approval, origin, extendBy) : [];
			const type = isApproved ? 'approval.approved' : 'approval.rejected';
			append(entry, [
				{
					type,
					body: {
						approvalId,
						stepId,
						item,
						origin,
						comment,
						optionId,
						text: isApproved && text !== approval.preview ? text : undefined,
						allowance: forRun && isApproved ? allowanceOf(approval, entry.run.workspace) : undefined,
					},
				},
				...granted,
			]);
			const alsoIds = granted.flatMap(event => (event.type === 'approval.approved' ? event.body.approvalId : []));
			journal.afterCommit(() => {
				for (const id of [approvalId, ...alsoIds]) driver.deliver(entry, entry.run.approvals[id]!);
			});

			settle(entry);
			await journal.durable();
			return true;
		},

		/**
		 * Takes up the runs that have something to do where the journal left them, the oldest first; those that only wait
		 * stay where they are until their moment comes. @returns How many it takes up.
		 */
		recover(): number {
			for (const row of parts.runs.openInGroups()) driver.groups.noteRow(row);
			const ids = parts.runs.openUnparked();
			driver.holdQueue();
			takeUp(ids, 0);
			return ids.length;
		},

		/** Nothing new begins; what runs goes on. */
		drain: driver.drain,
		/** Lets go of everything; attempts go on, for the next daemon to find. */
		stop: driver.stop,

		/** Of a run in memory; others are in the journal. */
		stateOf: (id: string): RunState | undefined => open.get(id)?.run,
		/** From memory or from the journal, also of an ended run. */
		find: (id: string): RunState | undefined => (open.get(id) ?? driver.read(id))?.run,
		/** Also of an ended run: its output is masked as long as it is kept. */
		secretsOf: (id: string): readonly string[] =>
			Object.values((open.get(id)?.environment ?? parts.environments.load(id)).secrets),
		/** Of those in memory. */
		openRuns: (): RunState[] => [...open.values()].map(entry => entry.run),
		attemptsRunning: driver.attemptsRunning,
		/** Attempts that an agent has running. */
		loadOf: driver.loadOf,
		isDraining: driver.isDraining,
	};
};

/** @throws AiworkflowError `usage.invalid` Where nothing could be the same again. */
const allowanceOf = ({id, action}: ApprovalState, workspace: string): PermissionRules => {
	const rules = action && rulesForRun(action, workspace);
	if (rules) return rules;
	throw new AiworkflowError({
		code: 'usage.invalid',
		message: `Approval ${id} does not say enough to allow the same for the rest of the run.`,
		suggestion: 'Approve it once, or write a pattern under `permissions:` of the step.',
	});
};

export type Engine = ReturnType<typeof createEngine>;
