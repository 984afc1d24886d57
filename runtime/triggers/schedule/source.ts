import {randomUUID} from 'node:crypto';
import {failureOf} from '../../../source/errors.ts';
import {limits} from '../../../source/limits.ts';
import type {NewEvent, Origin} from '../../../source/run/events.ts';
import {ownTimeZone} from '../../../source/workflow/schedule/zone.ts';
import type {ScheduleTrigger} from '../../../source/workflow/triggers.ts';
import type {Clock} from '../../engine/parts.ts';
import type {ScheduleState, SchedulesTable} from '../../store/schedules.ts';
import {type DeskJournal, firingIdOf} from '../desk.ts';
import type {ArmedTrigger, NewFiring, Taken, TriggerDesk, TriggerSource} from '../parts.ts';
import {type CatchUp, catchUpOf, dueMoments} from './catch-up.ts';
import {createMoments, type Moments} from './moments.ts';

export interface ScheduleParts {
	readonly desk: Pick<TriggerDesk, 'take'>;
	readonly table: SchedulesTable;
	readonly journal: DeskJournal;
	readonly clock: Clock;
	readonly onDefect: (error: unknown, where: string) => void;
}

export interface ScheduleSource extends TriggerSource {
	/** What is known of a schedule, armed or not. */
	stateOf(triggerKey: string): ScheduleState | undefined;
	/** Fires it now, whatever its moments are, and paused or not. */
	run(trigger: ArmedTrigger, origin: Origin): Promise<Taken>;
	/** Durable when it resolves; once more replaces who and why. */
	pause(trigger: ArmedTrigger, origin: Origin, reason: string | null): Promise<void>;
	/** Its next moment is the first from now on: nothing is owed for the time it was paused. @returns False: it was not paused. */
	resume(trigger: ArmedTrigger, origin: Origin): Promise<boolean>;
}

interface Armed {
	readonly trigger: ArmedTrigger;
	readonly moments: Moments;
	cancel: () => void;
}

/** Fires schedules on the daemon's clock. What is due is durable, under the name of its moment, before its turn is over. */
export const createScheduleSource = ({desk, table, journal, clock, onDefect}: ScheduleParts): ScheduleSource => {
	const armed = new Map<string, Armed>();
	/** Of each schedule that was looked at: what is written may not be committed yet. */
	const states = new Map<string, ScheduleState | undefined>();
	const taking = new Set<Promise<unknown>>();
	let isStopped = false;

	const stateOf = (key: string): ScheduleState | undefined => {
		if (!states.has(key)) states.set(key, table.read(key));
		return states.get(key);
	};

	const write = (key: string, state: ScheduleState): void => {
		states.set(key, state);
		journal.project(() => table.write(key, state));
	};

	/** Looks what is due, and waits for what comes next. */
	const look = (key: string): void => {
		const schedule = armed.get(key);
		if (!schedule || isStopped) return;
		schedule.cancel();
		const nowMs = clock.now();
		const state = stateOf(key);
		if (state?.paused) return;
		if (!state || isNewFor(schedule.trigger, state, nowMs)) begin(schedule, nowMs);
		else if (state.nextAtMs !== null && state.nextAtMs <= nowMs) fireDue(schedule, state, state.nextAtMs, nowMs);
		const nextAtMs = stateOf(key)?.nextAtMs ?? null;
		if (nextAtMs === null) return;
		schedule.cancel = clock.at(Math.min(nextAtMs, nowMs + limits.scheduleRecheckMs), () => {
			try {
				look(key);
			} catch (error) {
				onDefect(error, `schedule ${key}`);
			}
		});
	};

	/** From now on: what came before is not owed. */
	const begin = ({trigger, moments}: Armed, nowMs: number): void => {
		const state = stateOf(trigger.key);
		write(trigger.key, {
			...termsOf(trigger),
			nextAtMs: moments.next(nowMs) ?? null,
			lastAtMs: state?.lastAtMs ?? null,
			seenAtMs: nowMs,
			missed: state?.missed ?? 0,
			paused: null,
		});
	};

	const fireDue = ({trigger, moments}: Armed, state: ScheduleState, firstMs: number, nowMs: number): void => {
		const due = dueMoments(moments, firstMs, nowMs);
		const latest = due.moments.at(-1)!;
		const plan = catchUpOf((trigger.trigger as ScheduleTrigger).catchUp, due, nowMs);
		// All in one commit: the firings, and that nothing of it is due any more.
		for (const {atMs, missed, isLate} of plan.fire) {
			const data = {scheduledAt: new Date(atMs).toISOString(), ...termsOf(trigger), missed, late: isLate};
			take({trigger, dedupeKey: String(atMs), data, origin: scheduleOrigin});
		}

		noteMissed(trigger, plan, latest, nowMs);
		const nextAtMs = moments.next(Math.max(latest, nowMs)) ?? null;
		write(trigger.key, {...state, nextAtMs, lastAtMs: latest, seenAtMs: nowMs, missed: state.missed + plan.missed});
	};

	const noteMissed = (trigger: ArmedTrigger, plan: CatchUp, latest: number, nowMs: number): void => {
		if (plan.detail === undefined) return;
		const firing = firingIdOf(trigger.key, `missed until ${latest}`);
		const body = {
			firing,
			...placeOf(trigger),
			kind: 'schedule' as const,
			reason: 'missed' as const,
			detail: plan.detail,
		};
		journal.append(null, 0, {type: 'trigger.skipped', body}, nowMs);
	};

	const take = (firing: NewFiring): void => {
		const taken = desk
			.take(firing)
			.catch(error => refused(firing, error))
			.catch(error => onDefect(error, `schedule ${firing.trigger.key}`));
		taking.add(taken);
		void taken.finally(() => taking.delete(taken));
	};

	/** The desk had no room for it. */
	const refused = ({trigger, dedupeKey}: NewFiring, error: unknown): void => {
		const {code, message, suggestion} = failureOf(error);
		if (code === 'journal.unwritable') return;
		const body = {
			...{firing: firingIdOf(trigger.key, dedupeKey), ...placeOf(trigger), kind: 'schedule' as const},
			failure: {code, message, suggestion},
		};
		journal.append(null, 0, {type: 'trigger.failed', body}, clock.now());
	};

	/** A schedule that is not armed any more is owed nothing; armed again it begins anew. */
	const disarm = (key: string): void => {
		armed.get(key)?.cancel();
		armed.delete(key);
		const state = stateOf(key);
		if (state && state.nextAtMs !== null) write(key, {...state, nextAtMs: null});
	};

	const changePause = async (
		trigger: ArmedTrigger,
		event: NewEvent,
		paused: ScheduleState['paused'],
	): Promise<void> => {
		const nowMs = clock.now();
		const {lastAtMs = null, missed = 0} = stateOf(trigger.key) ?? {};
		journal.append(null, 0, event, nowMs);
		write(trigger.key, {...termsOf(trigger), nextAtMs: null, lastAtMs, seenAtMs: nowMs, missed, paused});
		look(trigger.key);
		await journal.durable();
	};

	return {
		kind: 'schedule',
		stateOf,
		async arm(triggers) {
			const wanted = new Map(triggers.map(trigger => [trigger.key, trigger]));
			for (const key of new Set([...armed.keys(), ...table.waitingKeys()])) if (!wanted.has(key)) disarm(key);
			for (const [key, trigger] of wanted) {
				const known = armed.get(key);
				const {cron, timezone} = termsOf(trigger);
				const isSame = known && isSameTerms(termsOf(known.trigger), {cron, timezone});
				const moments = isSame ? known.moments : await createMoments(cron, timezone);
				if (isStopped) return;
				known?.cancel();
				armed.set(key, {trigger, moments, cancel: () => {}});
				look(key);
			}
		},
		run(trigger, origin) {
			const data = {scheduledAt: new Date(clock.now()).toISOString(), ...termsOf(trigger), missed: 0, late: false};
			return desk.take({trigger, dedupeKey: `by hand ${randomUUID()}`, data, origin});
		},
		pause: (trigger, origin, reason) =>
			changePause(
				trigger,
				{type: 'schedule.paused', body: {...placeOf(trigger), origin, reason}},
				{atMs: clock.now(), origin, reason},
			),
		async resume(trigger, origin) {
			if (!stateOf(trigger.key)?.paused) return false;
			await changePause(trigger, {type: 'schedule.resumed', body: {...placeOf(trigger), origin}}, null);
			return true;
		},
		async stop() {
			isStopped = true;
			for (const {cancel} of armed.values()) cancel();
			await Promise.all(taking);
		},
	};
};

/** The expression of a schedule and the zone it is in. */
export const termsOf = ({
	trigger,
}: Pick<ArmedTrigger, 'trigger'>): {readonly cron: string; readonly timezone: string} => {
	const {cron, timezone = ownTimeZone()} = trigger as ScheduleTrigger;
	return {cron, timezone};
};

const isSameTerms = (a: ReturnType<typeof termsOf>, b: ReturnType<typeof termsOf>): boolean =>
	a.cron === b.cron && a.timezone === b.timezone;

/** Whether its next moment has to be computed from now on. */
const isNewFor = (trigger: ArmedTrigger, state: ScheduleState, nowMs: number): boolean =>
	state.nextAtMs === null ||
	!isSameTerms(state, termsOf(trigger)) ||
	// The clock was wrong before. What fired by it is known to the desk, and does not fire again.
	nowMs < state.seenAtMs - limits.scheduleSetBackMsMax;

const placeOf = ({workspace, file, trigger}: ArmedTrigger) => ({workspace, file, trigger: trigger.id});

/** Nobody asked for it but the clock. */
const scheduleOrigin: Origin = {by: 'schedule', via: 'trigger'};
