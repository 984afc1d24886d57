import type {UnitRef} from '../run/events.ts';

/** @returns What `fix`, `fix[3]` and `fix.3` name: a step, or one item of it. An id has no dot and no bracket. */
export const unitRefOf = (reference: string): UnitRef => {
	const [, stepId, bracketed, dotted] = /^([^[\].]+)(?:\[(\d{1,9})\]|\.(\d{1,9}))$/.exec(reference) ?? [];
	const item = bracketed ?? dotted;
	return stepId === undefined || item === undefined ? {stepId: reference} : {stepId, item: Number(item)};
};
