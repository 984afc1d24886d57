import type {Failure} from '../../errors.ts';
import type {JournalEvent, Origin} from '../../run/events.ts';
import type {RunState, StepState, UnitState} from '../../run/state.ts';
import {formatCost, formatDuration, formatUsd} from '../../units.ts';
import {oneLine} from '../clean.ts';

export const titleOf = (run: RunState): string => `${run.workflow.name} ${run.number}`;

/** A failure is journalled before anybody knows under which id a person will ask for the run. */
export const reasonLines = ({message, suggestion}: Failure, run: RunState): string[] =>
	[message, suggestion].flatMap(text => (text ? [`  ${oneLine(text.replaceAll('<run>', run.id), 400)}`] : []));

export const failedWords = (exitCode: number | undefined): string =>
	exitCode === undefined ? 'failed' : `failed, exit ${exitCode}`;

export const durationOf = ({startedAtMs, endedAtMs}: UnitState): string | undefined =>
	startedAtMs === undefined || endedAtMs === undefined ? undefined : formatDuration(endedAtMs - startedAtMs);

/** @param unit The step, or an item of it. */
export const costOf = ({kind}: StepState, {attempts, agent, costMicroUsd, unpriced}: UnitState): string | undefined =>
	attempts.length > 0 && kind === 'agent' && !agent?.isReplay ? formatCost(costMicroUsd, unpriced) : undefined;

export const recordingOf = ({agent}: UnitState): string | undefined =>
	agent?.isReplay ? 'from a recording' : undefined;

export const usageOf = ({agent, tokens, costMicroUsd}: Extract<JournalEvent, {type: 'usage.recorded'}>['body']) =>
	`${agent}: ${tokens ? `${tokens.input} tokens in, ${tokens.output} out` : 'tokens unknown'}, ${formatUsd(costMicroUsd)}`;

export const whoOf = ({approvalId, origin}: {readonly approvalId: string; readonly origin: Origin}, run: RunState) =>
	run.approveAll && run.approvals[approvalId]!.kind === 'approval' ? '--yes' : origin.by;

export const waitText = ({signal, wakeAtMs}: Extract<JournalEvent, {type: 'wait.started'}>['body']): string => {
	const until = wakeAtMs === undefined ? undefined : `until ${new Date(wakeAtMs).toISOString()}`;
	return [signal === undefined ? undefined : `waits for the signal "${signal}"`, until].filter(Boolean).join(', ');
};

/** @returns `http GET example.com/items 200`: what a direct step asked for, and the status it was told. */
export const callOf = ({kind}: StepState, {attempts, outputs}: UnitState): string | undefined => {
	const target = attempts.at(-1)?.target;
	if (target === undefined) return undefined;
	const status = kind === 'http' && typeof outputs?.status === 'number' ? String(outputs.status) : undefined;
	return [kind, oneLine(target, 80), status].filter(Boolean).join(' ');
};

/** A script that printed one short line has said it here; more of it is a command away. */
export const saidOf = ({kind, text}: StepState): string | undefined => {
	const words = (kind === 'script' || kind === 'webhook') && text?.isWhole ? text.preview.trim() : '';
	return words === '' || words.length > saidLengthMax || words.includes('\n') ? undefined : oneLine(words);
};

const saidLengthMax = 60;

/** @returns `today`, `yesterday`, or the date; by the clock of whoever reads it. */
export const dayWords = (at: string, nowMs: number): string => {
	const day = new Date(at);
	const days = Math.round((midnightOf(new Date(nowMs)) - midnightOf(day)) / 86_400_000);
	if (days === 0) return 'today';
	if (days === 1) return 'yesterday';
	const pad = (value: number) => String(value).padStart(2, '0');
	return `${day.getFullYear()}-${pad(day.getMonth() + 1)}-${pad(day.getDate())}`;
};

const midnightOf = (moment: Date): number => new Date(moment).setHours(0, 0, 0, 0);
