import type {CockpitState} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';

/** What the list of runs says while there are none. */
export const emptyRunsRowsOf = ({connection, arriving}: CockpitState, columns: number): Row[] => {
	if (connection.status !== 'live') {
		const {failure} = connection;
		const text = failure ? [failure.message, failure.suggestion ?? ''] : ['Connecting to the daemon.'];
		return text.flatMap(line => wrap(cleanText(line), columns)).map(line => [span(line)]);
	}

	if (arriving) return [[span('Loading.')]];
	return [
		[span('No runs yet.', 'strong')],
		[],
		[span('Start one from another terminal:')],
		[span('  aiworkflow run <file>', 'key')],
		[],
		[span('See what there is to run:')],
		[span('  aiworkflow workflow list', 'key')],
		[],
		[span('Make a first one in this folder:')],
		[span('  aiworkflow init', 'key')],
	];
};
