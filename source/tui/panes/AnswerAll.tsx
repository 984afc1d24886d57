import {keyOf} from '../keys/remap.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {questionWordsOf} from '../rows/waiting.ts';
import {approvalOf, elsewhereWords, runNameOf} from '../select.ts';
import type {CockpitState, Size} from '../state.ts';
import {cleanText} from '../text/clean.ts';
import {type Row, span} from '../text/row.ts';
import {wrap} from '../text/width.ts';
import type {Look} from '../theme.ts';

/** Every question that one yes is about to answer, whole: nobody agrees to what they could not read. */
export const AnswerAll = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	if (state.dialog?.kind !== 'answer-all') return null;
	const {questions, scroll} = state.dialog;
	const columns = size.columns - 2;
	const rows: Row[] = questions.slice(scroll).flatMap(each => {
		const open = approvalOf(state, each);
		if (!open) return [];
		const {run, approval} = open;
		const isOpen = approval.status === 'open';
		const where = cleanText(`${runNameOf(run)}${elsewhereWords(run, state.workspace)} / ${approval.stepId}`);
		return [
			[
				span(` ${look.glyphs.status[isOpen ? 'waiting' : 'completed']} `, 'waiting'),
				span(where, 'strong'),
				span(isOpen ? '' : '  answered already', 'muted'),
			],
			...wrap(questionWordsOf(open), columns - 4).map((text): Row => [span(`   ${text}`)]),
		];
	});
	const hidden = rows.length - (size.rows - 2);
	const right = hidden > 0 ? `${hidden} more rows, ${keyOf('down', state)}` : '';
	return (
		<Pane title={`Yes to these ${questions.length}?`} right={right} size={size} look={look} isFocused>
			{rows.slice(0, size.rows - 2).map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={row} columns={columns} look={look} />
			))}
		</Pane>
	);
};
