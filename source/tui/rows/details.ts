import type {StepState} from '../../run/state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';

/** What has to be read before the output: why the step failed, what to do, and what its agent warned of. */
export const detailRowsOf = (step: StepState, columns: number, rowsMax: number, arrow = '→'): Row[] => {
	const rows: Row[] = [];
	const {warnings} = step;
	// While another attempt runs, the failure of the one before is history: who took over is said below.
	const failure = step.status === 'running' && step.switches ? undefined : step.failure;
	if (failure) {
		for (const text of wrap(cleanText(failure.message), columns)) rows.push([span(text, 'failed')]);
		if (failure.suggestion) {
			for (const text of wrap(cleanText(`${arrow} ${failure.suggestion}`), columns)) rows.push([span(text)]);
		}
	}

	const last = step.switches?.at(-1);
	if (last) {
		const words = `${last.from} ${arrow} ${last.to}: ${last.reason.replaceAll('-', ' ')}; ${last.detail}`;
		for (const text of wrap(cleanText(words), columns).slice(0, 2)) rows.push([span(text, 'retrying')]);
	}

	for (const warning of warnings.slice(-2)) {
		for (const text of wrap(cleanText(`! ${warning}`), columns)) rows.push([span(text, 'alert')]);
	}

	return rows.slice(0, Math.max(0, rowsMax));
};
