import {unitRefOf} from '../../source/api/step-reference.ts';
import {itemNotFound, stepNotFound} from '../../source/errors.ts';
import type {UnitRef} from '../../source/run/events.ts';
import type {RunState} from '../../source/run/state.ts';

/** @param reference As people write it: `fix`, `fix[3]`, `fix.3`. @throws AiworkflowError `step.not-found` */
export const unitOfRun = (run: RunState, reference: string): UnitRef => {
	const unit = unitRefOf(reference);
	// A name that every object has, such as "constructor", is no step.
	const step = Object.hasOwn(run.steps, unit.stepId) ? run.steps[unit.stepId] : undefined;
	if (!step) throw stepNotFound(run.id, unit.stepId, run.stepOrder);
	const count = step.items?.values.length ?? 0;
	if (unit.item === undefined || unit.item < count) return unit;
	throw itemNotFound(run.id, unit.stepId, unit.item, count);
};
