import type {ApprovalDialog} from '../state.ts';

/** @returns What was typed, as a positive number in the unit of the budget; `undefined`: nothing, or something else. */
export const amountOf = ({amount}: Pick<ApprovalDialog, 'amount'>): number | undefined => {
	const text = amount?.trim().replace(/^\$/, '') ?? '';
	if (!/^\d{1,9}(?:\.\d{0,6})?$/.test(text)) return undefined;
	return Number(text) > 0 ? Number(text) : undefined;
};
