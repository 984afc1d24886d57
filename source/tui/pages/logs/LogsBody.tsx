import {Pane} from '../../parts/Pane.tsx';
import {Rows} from '../../parts/Rows.tsx';
import {type CockpitState, placeOf} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {span} from '../../text/row.ts';
import {wrap} from '../../text/width.ts';
import type {BodyProps} from '../bodies.ts';
import {visibleLogOf} from './view.ts';

/** The daemon's log, the newest at the bottom. */
export const LogsBody = ({state, look, size}: BodyProps) => {
	const {filter, scroll} = state.pages.logs;
	const {rows, below} = visibleLogOf(state, size);
	const columns = size.columns - 2;
	const words = rows.length > 0 ? undefined : wordsOf(state);
	const shown = words === undefined ? rows : wrap(words, columns - 2).map(text => [span(` ${text}`)]);
	const right = scroll.isFollowing ? 'follow' : below > 0 ? `${below} below` : 'held';
	return (
		<Pane
			title={filter === '' ? 'Log of the daemon' : `Log of the daemon / ${cleanText(filter)}`}
			right={right}
			size={size}
			look={look}
			isFocused={placeOf(state) === 'logs'}
		>
			<Rows rows={shown.slice(0, size.rows - 2)} columns={columns} look={look} />
		</Pane>
	);
};

const wordsOf = ({pages, connection}: CockpitState): string => {
	const {log, filter} = pages.logs;
	if (log.lines.length > 0) return filter === '' ? '' : 'No line fits the filter.';
	if (log.failure) return cleanText([log.failure.message, log.failure.suggestion].filter(Boolean).join(' '));
	if (connection.status !== 'live')
		return 'The daemon is not there. `aiworkflow daemon logs` reads its log without it.';
	return log.status === 'live' ? 'Nothing is logged.' : 'Loading.';
};
