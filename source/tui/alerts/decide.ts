import type {RunState} from '../../run/state.ts';
import {runStatusOf} from '../../run/views.ts';
import type {Glyphs} from '../glyphs.ts';
import {cockpitLimits} from '../limits.ts';
import {approvalOf, runNameOf} from '../select.ts';
import type {NotifySettings} from '../settings/settings.ts';
import type {CockpitState, Waiting} from '../state.ts';
import {cleanLine} from '../text/clean.ts';

/** What has been seen and said so far. */
export interface AlertMemory {
	readonly snapshots: number;
	readonly runs: ReadonlyMap<string, RunState>;
	readonly waiting: readonly Waiting[];
	/** What nobody was called for yet, in the order it came. */
	readonly pending: readonly News[];
	/** Unix milliseconds; minus infinity: never. */
	readonly calledAtMs: number;
	readonly title: string;
	readonly titledAtMs: number;
}

export type News =
	| ({readonly kind: 'question'} & Waiting)
	/** A run that failed. */
	| {readonly kind: 'failed'; readonly runId: string};

/** What to write now. */
export interface Emission {
	readonly isBell: boolean;
	readonly title?: string;
	/** For a notification of the desktop: clean, one line, bounded. */
	readonly notification?: string;
}

export interface AlertMoment {
	readonly nowMs: number;
	/** When a key was last pressed here; minus infinity: never. */
	readonly keyAtMs: number;
	readonly settings: NotifySettings;
	readonly glyphs: Glyphs;
}

export const emptyMemory: AlertMemory = {
	snapshots: 0,
	runs: new Map(),
	waiting: [],
	pending: [],
	calledAtMs: Number.NEGATIVE_INFINITY,
	title: '',
	titledAtMs: Number.NEGATIVE_INFINITY,
};

/**
 * Whether to call a person, and how: a new question or a failed run that came while the cockpit was connected, and that
 * still stands when no key was pressed for a while and the last call is long enough ago. Pure.
 *
 * @returns `nextAtMs`: when to decide again though nothing happens; `undefined`: not before something does.
 */
export const decideAlerts = (
	memory: AlertMemory,
	state: CockpitState,
	moment: AlertMoment,
): {readonly memory: AlertMemory; readonly emission?: Emission; readonly nextAtMs?: number} => {
	const {nowMs, keyAtMs, settings, glyphs} = moment;
	const isCalling = settings.isBell || settings.desktop !== 'off';
	const pending = isCalling
		? [...memory.pending, ...newsOf(memory, state, nowMs)].filter(news => isStanding(news, state))
		: [];
	const callAtMs = Math.max(keyAtMs + settings.afterMs, memory.calledAtMs + settings.everyMs);
	const isCall = pending.length > 0 && nowMs >= callAtMs;
	const wanted = settings.isTitle ? titleOf(state, glyphs) : memory.title;
	const titleAtMs = memory.titledAtMs + cockpitLimits.titleEveryMs;
	const isTitle = wanted !== memory.title && nowMs >= titleAtMs;
	const moments = [
		...(pending.length > 0 && !isCall ? [callAtMs] : []),
		...(wanted !== memory.title && !isTitle ? [titleAtMs] : []),
	];
	return {
		memory: {
			snapshots: state.snapshots,
			runs: state.runs,
			waiting: state.waiting,
			pending: isCall ? [] : pending,
			calledAtMs: isCall ? nowMs : memory.calledAtMs,
			title: isTitle ? wanted : memory.title,
			titledAtMs: isTitle ? nowMs : memory.titledAtMs,
		},
		...((isCall || isTitle) && {
			emission: {
				isBell: isCall && settings.isBell,
				...(isTitle && {title: wanted}),
				...(isCall && settings.desktop !== 'off' && {notification: wordsOf(pending, state)}),
			},
		}),
		...(moments.length > 0 && {nextAtMs: Math.min(...moments)}),
	};
};

/** What a snapshot brought was there before the cockpit was. */
const newsOf = (memory: AlertMemory, state: CockpitState, nowMs: number): News[] => {
	if (state.snapshots === 0 || state.snapshots !== memory.snapshots || state.arriving) return [];
	if (state.runs === memory.runs) return [];
	const known = new Set(memory.waiting.map(({approvalId}) => approvalId));
	const news: News[] = state.waiting
		.filter(({approvalId}) => !known.has(approvalId))
		.map(({runId, approvalId}) => ({kind: 'question', runId, approvalId}));
	for (const run of state.runs.values()) {
		const before = memory.runs.get(run.id);
		// A sub-workflow's failure is told by the run above it.
		if (before === run || run.parent || !isFailed(run) || (before && isFailed(before))) continue;
		if (nowMs - (run.endedAtMs ?? nowMs) <= cockpitLimits.newsMsMax) news.push({kind: 'failed', runId: run.id});
	}

	return news;
};

const isFailed = (run: RunState): boolean => runStatusOf(run) === 'failed';

const isStanding = (news: News, state: CockpitState): boolean => {
	if (news.kind === 'question') return approvalOf(state, news)?.approval.status === 'open';
	const run = state.runs.get(news.runId);
	return run !== undefined && isFailed(run);
};

/** `◆2 aiworkflow` while questions wait. */
const titleOf = ({waiting}: CockpitState, glyphs: Glyphs): string =>
	waiting.length === 0 ? 'aiworkflow' : `${glyphs.status.waiting}${waiting.length} aiworkflow`;

const wordsOf = (pending: readonly News[], state: CockpitState): string => {
	const first = pending[0]!;
	const words =
		pending.length === 1 ? newsWords(first, state) : `${pending.length} things need you: ${namesOf(pending, state)}`;
	return cleanLine(words).slice(0, cockpitLimits.notificationLengthMax);
};

const newsWords = (news: News, state: CockpitState): string => {
	const run = state.runs.get(news.runId)!;
	if (news.kind === 'failed') return `${runNameOf(run)} failed: ${run.failure?.message ?? 'no reason is known'}`;
	return `${runNameOf(run)} asks: ${approvalOf(state, news)!.approval.question}`;
};

const namesOf = (pending: readonly News[], state: CockpitState): string =>
	[...new Set(pending.map(({runId}) => runNameOf(state.runs.get(runId)!)))].join(', ');
