import type {ApprovalState} from '../../run/state.ts';

/**
 * Which option of a permission `y` or `n` takes: the first fitting one that decides this once. "Always" is never one key
 * away, whatever order the agent lists its options in.
 *
 * @returns `undefined` for a question without options.
 */
export const optionFor = (approval: ApprovalState, isAllow: boolean) => {
	const fitting = approval.options?.filter(option => option.isAllow === isAllow) ?? [];
	return fitting.find(({id, label}) => !isForEver(`${id} ${label}`)) ?? fitting[0];
};

const isForEver = (text: string): boolean => /always|never|for ?ever|don'?t ask|session/i.test(text);
