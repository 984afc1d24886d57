import {approvalNotFound, runAmbiguous, runNotFound} from '../../source/errors.ts';
import {reduce} from '../../source/run/reduce.ts';
import type {RunState} from '../../source/run/state.ts';
import {type ApprovalView, approvalViewOf} from '../../source/run/views.ts';
import type {DaemonParts} from './daemon-parts.ts';

/** @returns The full id. @throws AiworkflowError `run.not-found`, `usage.invalid` for a prefix of several. */
export const findRunId = ({runs, engine}: DaemonParts, given: string): string => {
	if (engine.stateOf(given)) return given;
	const matches = /^[a-z0-9]+$/.test(given) ? runs.idsWithPrefix(given) : [];
	if (matches.includes(given) || matches.length === 1) return matches.includes(given) ? given : matches[0]!;
	throw matches.length === 0 ? runNotFound(given) : runAmbiguous(given, matches);
};

/** @returns The run as it stands: an open one from memory, an ended one folded from the journal. */
export const findRun = (parts: DaemonParts, given: string): RunState => {
	const id = findRunId(parts, given);
	const open = parts.engine.stateOf(id);
	if (open) return open;
	const run = parts.events.ofRun(id).reduce<RunState | undefined>(reduce, undefined);
	if (!run) throw runNotFound(given);
	return run;
};

/** @returns The approval as it stands. @throws AiworkflowError `approval.not-found`. */
export const findApproval = (parts: DaemonParts, given: string): ApprovalView => {
	const matches = /^[a-z0-9]+$/.test(given) ? parts.approvals.withPrefix(given) : [];
	const found = matches.find(view => view.id === given) ?? (matches.length === 1 ? matches[0] : undefined);
	if (!found) throw approvalNotFound(given);
	const run = parts.engine.stateOf(found.runId);
	const approval = run?.approvals[found.id];
	return run && approval ? approvalViewOf(run, approval) : found;
};
