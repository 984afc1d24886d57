import type {StatusCounts} from '../api/contract.ts';
import {usageInvalid} from '../errors.ts';
import {statusGlyphs} from '../status-glyphs.ts';
import {formatCost} from '../units.ts';

/** @returns `▶3 ◆2 ✗1 $1.84`: only what there is; `idle` where there is nothing. */
export const statusLineOf = (counts: StatusCounts): string => {
	const {runsRunning, approvalsOpen, runsPaused, runsFailed} = counts;
	const parts = [
		runsRunning > 0 ? `${statusGlyphs.running}${runsRunning}` : '',
		approvalsOpen > 0 ? `${statusGlyphs.waiting}${approvalsOpen}` : '',
		runsPaused > 0 ? `${statusGlyphs.paused}${runsPaused}` : '',
		runsFailed > 0 ? `${statusGlyphs.failed}${runsFailed}` : '',
		hasSpent(counts) ? spentWords(counts) : '',
	];
	return parts.filter(Boolean).join(' ') || 'idle';
};

/** What `--format` takes, with what each stands for. */
export const statusPlaceholders = {
	line: 'the line as it is without --format',
	running: 'runs that run',
	waiting: 'questions that wait for a person',
	sleeping: 'runs that wait, for a person or for time',
	queued: 'runs that have not begun',
	paused: 'paused runs',
	failed: 'runs that failed in the last 24 hours',
	spent: 'spent since midnight, such as $1.84; $1.84+? where some of it is unknown',
} as const;

type Placeholder = keyof typeof statusPlaceholders;

/**
 * @param counts `undefined`: no daemon runs; every number is empty then, and `{line}` is `not running`.
 * @throws AiworkflowError `usage.invalid` for a placeholder that there is not.
 */
export const formattedStatus = (format: string, counts: StatusCounts | undefined): string =>
	format.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => {
		if (!Object.hasOwn(statusPlaceholders, name)) throw placeholderUnknown(name);
		if (counts === undefined) return name === 'line' ? 'not running' : '';
		return values[name as Placeholder](counts);
	});

const values: Readonly<Record<Placeholder, (counts: StatusCounts) => string>> = {
	line: statusLineOf,
	running: ({runsRunning}) => String(runsRunning),
	waiting: ({approvalsOpen}) => String(approvalsOpen),
	sleeping: ({runsWaiting}) => String(runsWaiting),
	queued: ({runsQueued}) => String(runsQueued),
	paused: ({runsPaused}) => String(runsPaused),
	failed: ({runsFailed}) => String(runsFailed),
	spent: counts => spentWords(counts),
};

const hasSpent = ({spentUsd, spentKnownUsd}: StatusCounts): boolean => spentUsd === null || spentKnownUsd > 0;

/** Unknown money is never shown as none. */
const spentWords = ({spentUsd, spentKnownUsd}: StatusCounts): string =>
	formatCost(Math.round(spentKnownUsd * 1_000_000), spentUsd === null ? 1 : 0);

const placeholderUnknown = (name: string) =>
	usageInvalid(
		`--format has no placeholder {${name}}.`,
		`Placeholders: ${Object.keys(statusPlaceholders)
			.map(known => `{${known}}`)
			.join(', ')}.`,
	);
