import type {Binding} from '../../keys/bindings.ts';
import {cannotDecide} from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {lastFiringOf, runOfFiring, selectedTriggerOf} from './select.ts';

export const triggersBindings: readonly Binding[] = [
	{
		keys: ['enter'],
		action: 'open-firing',
		description: 'open the run of the last firing',
		hint: 'its run',
		where: ['triggers'],
		disabledReason: cannotOpen,
	},
	{
		keys: ['p'],
		action: 'pause-schedule',
		description: 'pause the schedule, or let it fire again',
		hint: 'pause/resume',
		where: ['triggers'],
		isDecision: true,
		disabledReason: state => cannotSteer(state) ?? cannotDecide(state),
	},
	{
		keys: ['R'],
		action: 'fire-schedule',
		description: 'fire the schedule now, paused or not (asks first)',
		hint: 'fire now',
		where: ['triggers'],
		disabledReason: state => cannotSteer(state) ?? cannotDecide(state),
	},
];

function cannotOpen(state: CockpitState): string | undefined {
	const item = selectedTriggerOf(state);
	if (!item) return 'There is no trigger under the cursor.';
	const firing = lastFiringOf(item);
	if (!firing) return 'It has fired nothing yet.';
	if (firing.status === 'skipped' || firing.status === 'failed') return 'The last firing began no run.';
	if (runOfFiring(state, firing)) return undefined;
	return firing.status === 'pending' ? 'Its run has not begun.' : 'Its run is not known here any more.';
}

function cannotSteer(state: CockpitState): string | undefined {
	const item = selectedTriggerOf(state);
	if (!item) return 'There is no trigger under the cursor.';
	if (item.kind !== 'schedule') return 'Only a schedule is paused and fired here.';
	if (item.state === 'invalid') return 'Its file has mistakes.';
	return item.armed && item.schedule ? undefined : 'It does not fire: `aiworkflow trust` arms the workspace.';
}
