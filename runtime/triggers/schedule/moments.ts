import {limits} from '../../../source/limits.ts';
import {type Cron, readCron} from './cron.ts';
import {createZone, type Zone} from './zone.ts';

/** When a schedule fires. */
export interface Moments {
	/** @returns Unix milliseconds of the first moment after this one; `undefined`: none within `limits.scheduleYearsMax`. */
	next(afterMs: number): number | undefined;
}

/**
 * The moments of an expression in a time zone. Where clocks change, it depends on the hours of the expression:
 *
 * - Every hour (`*`): it fires whenever the clock on the wall shows such a time, so twice in an hour that there is twice,
 *   and not in one that is left out. Every 10 minutes stays every 10 minutes.
 * - Some hours: each time fires once a day. Of a time that there is twice the first counts. Times that are left out fire
 *   together, once, at the moment the clocks are set forward.
 *
 * @param timezone IANA name. @throws Where the expression or the zone is none; the language refuses those.
 */
export const createMoments = async (expression: string, timezone: string): Promise<Moments> =>
	momentsOf(await readCron(expression), createZone(timezone));

const momentsOf = (cron: Cron, zone: Zone): Moments => {
	const isEveryHour = cron.hours.length === 24;
	const firstTimeMs = ((cron.hours[0]! * 60 + cron.minutes[0]!) * 60 + cron.seconds[0]!) * 1000;

	/** The first wall time of a day that the expression has, within these bounds. */
	const timeOn = (dayMs: number, fromMs: number, beforeMs: number): number | undefined => {
		const from = Math.max(0, Math.ceil((fromMs - dayMs) / 1000));
		const found = firstTimeOf(cron, from);
		if (found === undefined) return undefined;
		const wallMs = dayMs + found * 1000;
		return wallMs < Math.min(beforeMs, dayMs + dayLengthMs) ? wallMs : undefined;
	};

	const momentOn = (dayMs: number, afterMs: number): number | undefined => {
		// Every zone has its day between these.
		const [startMs, endMs] = [dayMs - dayLengthMs, dayMs + 2 * dayLengthMs];
		const before = zone.offsetMsAt(startMs);
		const after = zone.offsetMsAt(endMs);
		const onlyAfter = (offset: number, least: number) => Math.max(least, afterMs + offset + 1);
		if (before === after) {
			const wallMs = timeOn(dayMs, onlyAfter(before, dayMs), Number.POSITIVE_INFINITY);
			return wallMs === undefined ? undefined : wallMs - before;
		}

		const changeMs = zone.changeBetween(startMs, endMs);
		const [oldEnd, newStart] = [changeMs + before, changeMs + after];
		const old = timeOn(dayMs, onlyAfter(before, dayMs), oldEnd);
		if (old !== undefined) return old - before;
		const isLeftOut = !isEveryHour && afterMs < changeMs && timeOn(dayMs, oldEnd, newStart) !== undefined;
		if (isLeftOut) return changeMs;
		const least = isEveryHour ? newStart : Math.max(newStart, oldEnd);
		const wallMs = timeOn(dayMs, onlyAfter(after, least), Number.POSITIVE_INFINITY);
		return wallMs === undefined ? undefined : wallMs - after;
	};

	return {
		next(afterMs) {
			const wallMs = afterMs + zone.offsetMsAt(afterMs);
			// A clock that is set back at midnight shows the day before once more.
			const firstDayMs = Math.floor(wallMs / dayLengthMs) * dayLengthMs - dayLengthMs;
			for (let day = 0; day < limits.scheduleYearsMax * 366; day++) {
				const dayMs = firstDayMs + day * dayLengthMs;
				const date = new Date(dayMs);
				if (!cron.months.has(date.getUTCMonth() + 1) || cron.days?.has(date.getUTCDate()) === false) continue;
				if (!cron.matches(dayMs + firstTimeMs)) continue;
				const found = momentOn(dayMs, afterMs);
				if (found !== undefined) return found;
			}

			return undefined;
		},
	};
};

const dayLengthMs = 86_400_000;

/** The first second of a day, from this one on, that the expression has. */
const firstTimeOf = ({hours, minutes, seconds}: Cron, from: number): number | undefined => {
	for (const hour of hours) {
		if (hour * 3600 + 3599 < from) continue;
		for (const minute of minutes) {
			const start = hour * 3600 + minute * 60;
			if (start + 59 < from) continue;
			const second = seconds.find(each => start + each >= from);
			if (second !== undefined) return start + second;
		}
	}

	return undefined;
};
