import type {ApprovalState} from '../../run/state.ts';
import {keyOf} from '../keys/remap.ts';
import {Line} from '../parts/Line.tsx';
import {Pane} from '../parts/Pane.tsx';
import {approvalRowsOf, approvalTitleOf} from '../rows/approval.ts';
import {approvalOf} from '../select.ts';
import type {ApprovalDialog, CockpitState, Size} from '../state.ts';
import {type Row, span} from '../text/row.ts';
import {widthOf} from '../text/width.ts';
import type {Look} from '../theme.ts';

/** An open question, with everything needed to decide it. The comment, while it is typed, has the last row. */
export const Approval = ({state, look, size}: {state: CockpitState; look: Look; size: Size}) => {
	const dialog = state.dialog?.kind === 'approval' ? state.dialog : undefined;
	const open = dialog && approvalOf(state, dialog);
	if (!open) return <Pane title="Approval" size={size} look={look} isFocused={!state.help} />;
	const typed = typedOf(dialog, open.approval);
	const columns = size.columns - 4;
	const rows = size.rows - 2 - (typed ? 1 : 0);
	const all = approvalRowsOf(open, columns, state);
	const shown: Row[] = all.slice(dialog.scroll, dialog.scroll + rows).map(row => [span(' '), ...row]);
	const below = all.length - dialog.scroll - rows;
	if (typed) {
		while (shown.length < rows) shown.push([]);
		shown.push(typedRowOf(typed, columns, look));
	}

	return (
		<Pane
			title={approvalTitleOf(open)}
			right={below > 0 ? `${below} more rows, ${keyOf('down', state)}` : ''}
			size={size}
			look={look}
			isFocused={!state.help}
		>
			{shown.map((row, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Line key={index} row={row} columns={size.columns - 2} look={look} />
			))}
		</Pane>
	);
};

/** What is being typed, and what it is. */
const typedOf = ({comment, amount}: ApprovalDialog, {budget}: ApprovalState) => {
	if (comment !== undefined) return {label: 'No, because: ', text: comment};
	if (amount === undefined) return undefined;
	const unit = budget?.budget.unit ?? 'usd';
	return {label: unit === 'usd' ? 'Yes, extend it by $' : `Yes, extend it by so many ${unit}: `, text: amount};
};

/** The end of it is what is being typed: a long text loses its start. */
const typedRowOf = ({label, text}: {label: string; text: string}, columns: number, {glyphs}: Look): Row => {
	const characters = [...text];
	while (widthOf(characters.join('')) > columns - label.length - 1) characters.shift();
	return [span(` ${label}`, 'alert'), span(characters.join('')), span(glyphs.caret, 'key')];
};
