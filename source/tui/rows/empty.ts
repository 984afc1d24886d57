import {keyOf} from '../keys/remap.ts';
import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';

/** What the list of runs says while there are none in it. */
export const emptyListRowsOf = (state: CockpitState, columns: number): Row[] =>
	state.order.length > 0 && state.filter !== ''
		? wrap(
				`No run fits the filter. ${keyOf('filter', state)} changes it; ${keyOf('filter', state)} and ${keyOf('filter-clear', state)} show all.`,
				columns,
			).map(line => [span(line)])
		: emptyRunsRowsOf(state, columns);

const emptyRunsRowsOf = (state: CockpitState, columns: number): Row[] => {
	const {connection, arriving} = state;
	if (connection.status !== 'live') {
		const {failure} = connection;
		const text = failure ? [failure.message, failure.suggestion ?? ''] : ['Connecting to the daemon.'];
		return text.flatMap(line => wrap(cleanText(line), columns)).map(line => [span(line)]);
	}

	if (arriving) return [[span('Loading.')]];
	return [
		[span('No runs yet.', 'strong')],
		[],
		[span('Pick a workflow and start it here:')],
		[span(`  ${keyOf('new-run', state)}`, 'key')],
		[],
		[span('Or from another terminal:')],
		[span('  aiworkflow run <file>', 'key')],
		[],
		[span('Make a first one in this folder:')],
		[span('  aiworkflow init', 'key')],
	];
};
