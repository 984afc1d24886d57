import type {
	FiringView,
	QueueView,
	ScheduleView,
	TriggerView,
	WebhookView,
	WorkflowView,
} from '../../../api/messages.ts';
import type {RunState} from '../../../run/state.ts';
import type {CockpitState} from '../../state.ts';
import {selectedIdOf} from '../cursor.ts';

/** A trigger of the workspace, whether it fires or not. */
export interface TriggerItem {
	/** Unique: its file, and its name in it. */
	readonly id: string;
	readonly file: string;
	readonly workflow: string;
	/** `schedule`, `webhook`, as written. */
	readonly kind: string;
	/** `unarmed`: nobody armed the workspace. `untrusted`: its files changed since. Only an armed one fires. */
	readonly state: 'armed' | 'paused' | 'unarmed' | 'untrusted' | 'invalid';
	/** On one line. */
	readonly settings: string;
	/** 1-based place in the file; `undefined`: it cannot be told. */
	readonly line?: number;
	/** Of an armed one. */
	readonly armed?: TriggerView;
	readonly schedule?: ScheduleView;
	readonly webhook?: WebhookView;
	readonly queue?: QueueView;
	/** Why its file cannot be read. */
	readonly problem?: string;
}

/** Those that are armed first, then what is declared and does not fire; in the order of the daemon. */
export const triggerItemsOf = ({fetched, workspace}: CockpitState): readonly TriggerItem[] => {
	const known = fetched.triggers?.value;
	if (!known) return [];
	const workflows = fetched.workflows?.value ?? [];
	const armed = known.triggers
		.filter(trigger => trigger.workspace === workspace)
		.map(trigger => armedItemOf(trigger, known, fetched.queues?.value ?? [], workflows));
	const listed = new Set(armed.map(({file}) => file));
	const state = known.workspaces.find(each => each.workspace === workspace);
	const rest = workflows
		.filter(({file}) => !listed.has(file))
		.flatMap(workflow => {
			const problem = state?.invalid.find(({file}) => file === workflow.file)?.message;
			const isInvalid = problem !== undefined || workflow.problems > 0;
			const standing = isInvalid ? 'invalid' : state?.waitsForTrust ? 'untrusted' : 'unarmed';
			return declaredItemsOf(workflow, known.schedules).map(item => ({...item, state: standing, problem}) as const);
		});
	return [...armed, ...rest];
};

const armedItemOf = (
	armed: TriggerView,
	known: NonNullable<NonNullable<CockpitState['fetched']['triggers']>['value']>,
	queues: readonly QueueView[],
	workflows: readonly WorkflowView[],
): TriggerItem => {
	const {file, workflow, id, kind} = armed;
	const isIt = (other: {readonly file: string; readonly trigger: string}) =>
		other.file === file && other.trigger === id;
	const schedule = known.schedules.find(isIt);
	const webhook = known.webhooks?.webhooks.find(isIt);
	const queue = queues.find(({consumers}) => consumers.some(isIt));
	const line = workflows.find(each => each.file === file)?.triggers.find(({name}) => name === kind)?.line;
	return {
		...{id: `${file}#${id}`, file, workflow, kind, line, armed, schedule, webhook, queue},
		state: schedule?.paused || queue?.isPaused ? 'paused' : 'armed',
		settings: schedule ? scheduleSettingsOf(schedule) : armed.settings,
	};
};

/** A schedule that is known is told in its words, several under one key each by itself. */
const declaredItemsOf = (
	{file, name: workflow, triggers}: WorkflowView,
	schedules: readonly ScheduleView[],
): Omit<TriggerItem, 'state'>[] =>
	triggers.flatMap(({name: kind, settings, line}, index) => {
		const own = kind === 'schedule' ? schedules.filter(schedule => schedule.file === file) : [];
		if (own.length === 0)
			return [{id: `${file}#${index}`, file, workflow, kind, line, settings: declaredWordsOf(settings)}];
		return own.map(schedule => ({
			...{id: `${file}#${schedule.trigger}`, file, workflow, kind, line, schedule},
			settings: scheduleSettingsOf(schedule),
		}));
	});

const scheduleSettingsOf = ({words, cron}: ScheduleView): string => words ?? cron;

/** Of settings that are a mapping, what names the source: `/github` of `{"path":"/github","secret":…}`. */
const declaredWordsOf = (settings: string): string => {
	if (!settings.startsWith('{')) return settings;
	try {
		const {path, paths, name, cron, workflow} = JSON.parse(settings) as Record<string, unknown>;
		const said = path ?? paths ?? name ?? cron ?? workflow;
		if (said === undefined) return settings;
		return Array.isArray(said) ? said.join(', ') : String(said);
	} catch {
		// Long settings come cut.
		return settings;
	}
};

export const selectedTriggerOf = (state: CockpitState): TriggerItem | undefined => {
	const items = triggerItemsOf(state);
	const id = selectedIdOf(
		items.map(item => item.id),
		state.pages.triggers.selected,
	);
	return items.find(item => item.id === id);
};

export const lastFiringOf = ({armed}: TriggerItem): FiringView | undefined => armed?.firings[0];

/** @returns The run that a firing began, where it is known here. */
export const runOfFiring = ({runs}: CockpitState, {status, runId}: FiringView): RunState | undefined =>
	status === 'skipped' || status === 'failed' ? undefined : runs.get(runId);

/** Whether arming the workspace would change anything: something is declared, and nobody armed it. */
export const isArmingMissing = ({fetched, workspace}: CockpitState): boolean => {
	const known = fetched.triggers?.value;
	return (
		known !== undefined &&
		!known.workspaces.some(each => each.workspace === workspace) &&
		(fetched.workflows?.value ?? []).some(({triggers}) => triggers.length > 0)
	);
};
