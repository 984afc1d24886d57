import {Pane} from '../../../parts/Pane.tsx';
import {Rows} from '../../../parts/Rows.tsx';
import {firstShownOf} from '../../../parts/windows.ts';
import type {CockpitState, Size} from '../../../state.ts';
import {cleanText} from '../../../text/clean.ts';
import type {Look} from '../../../theme.ts';
import type {FormDialog} from '../page-state.ts';
import {formRowsOf} from './rows.ts';

interface Props {
	readonly state: CockpitState;
	readonly form: FormDialog;
	readonly look: Look;
	readonly size: Size;
}

/** What a run is started with. */
export const FormPane = ({state, form, look, size}: Props) => {
	const columns = size.columns - 2;
	const visible = size.rows - 2;
	const {rows, cursorRow} = formRowsOf(state, form, columns, look);
	const first = firstShownOf(rows.length, cursorRow, visible);
	const right = `${form.fields.length === 0 ? 0 : form.cursor + 1} of ${form.fields.length}`;
	return (
		<Pane
			title={`${form.template === undefined ? 'Run' : 'Make a workflow of'} ${cleanText(form.workflow)}`}
			right={right}
			size={size}
			look={look}
			isFocused
		>
			<Rows rows={rows.slice(Math.max(0, first), Math.max(0, first) + visible)} columns={columns} look={look} />
		</Pane>
	);
};
