import type {RunSummaryView} from '../run/views.ts';

/** @returns `fix-issue 42`: how people call a run. */
export const runTitleOf = ({workflow, number}: Pick<RunSummaryView, 'workflow' | 'number'>): string =>
	`${workflow} ${number}`;
