import type {WorkflowFileView} from '../../../api/messages.ts';
import {runStatusOf} from '../../../run/views.ts';
import {keyOf} from '../../keys/remap.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import {runNameOf} from '../../select.ts';
import type {CockpitState} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {shortPathOf} from '../../text/short-path.ts';
import {fitText, widthOf, wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import {fieldsOf, kindWordsOf} from './form/fields.ts';
import {isTrustMissing, type PickerItem, shownWorkflowOf} from './select.ts';
import {problemRowsOf} from './source/rows.ts';

/** What is known of the workflow under the cursor. The file is read when the cursor comes to it. */
export const previewRowsOf = (state: CockpitState, item: PickerItem, columns: number, look: Look): Row[] => {
	const view = shownWorkflowOf(state);
	const head: Row[] = [[span(` ${shortPathOf(item.file, state.home)}`, 'muted')], ...lastRunRowsOf(state, item, look)];
	if (!view) {
		const words =
			state.fetched.workflow?.key === item.file ? resourceWordsOf(state.fetched.workflow, '', false) : 'Loading.';
		return [...head, ...wrap(words ?? '', columns - 2).map(text => [span(` ${text}`)])];
	}

	return [...head, [], ...fileRowsOf(state, view, columns, look), ...trustRowsOf(state, columns)];
};

const lastRunRowsOf = ({nowMs}: CockpitState, {lastRun}: PickerItem, {glyphs}: Look): Row[] => {
	if (!lastRun) return [];
	const status = runStatusOf(lastRun);
	return [
		[
			span(' Last run  ', 'muted'),
			span(
				`${glyphs.status[status]} ${cleanText(runNameOf(lastRun))}`,
				status === 'queued' ? 'pending' : statusStyle(status),
			),
			span(`  ${status}, begun ${clockWords(lastRun.createdAtMs, nowMs)}`),
		],
	];
};

const statusStyle = (status: ReturnType<typeof runStatusOf>) =>
	status === 'paused' ? 'waiting' : status === 'queued' ? 'pending' : status;

const fileRowsOf = (state: CockpitState, view: WorkflowFileView, columns: number, look: Look): Row[] => {
	const {definition, diagnostics, triggers} = view;
	const rows: Row[] = [];
	const description = definition?.description;
	if (description) {
		for (const text of wrap(cleanText(description), columns - 2).slice(0, descriptionRowsMax))
			rows.push([span(` ${text}`)]);
		rows.push([]);
	}

	if (diagnostics.length > 0) rows.push(...problemRowsOf(view, columns, look), []);
	if (definition) rows.push(...inputRowsOf(definition, look), [], [span(' Plan', 'strong')]);
	for (const line of definition?.plan ?? []) rows.push([span(`  ${cleanText(line)}`)]);
	if (triggers.length > 0) {
		rows.push(
			[],
			[span(' Declared under on:', 'strong'), span(`  ${keyOf('triggers', state)} shows what of it fires`, 'muted')],
		);
		for (const {name, settings} of triggers)
			rows.push([span(`  ${cleanText(name)}  `), span(cleanText(settings), 'muted')]);
	}

	return rows;
};

const descriptionRowsMax = 4;

const inputRowsOf = (definition: NonNullable<WorkflowFileView['definition']>, {glyphs}: Look): Row[] => {
	const fields = fieldsOf(definition).filter(field => field.definition);
	if (fields.length === 0) return [[span(' It takes no inputs.', 'muted')]];
	const labelColumns = Math.min(20, Math.max(...fields.map(({label}) => widthOf(cleanText(label)))));
	return [
		[span(' Inputs', 'strong')],
		...fields.map(field => {
			const {default: preset, description} = field.definition!;
			const byDefault = preset === undefined || preset === null ? '' : `, else ${JSON.stringify(preset)}`;
			return [
				span(`  ${fitText(cleanText(field.label), labelColumns, glyphs.ellipsis)}  `, 'key'),
				span(cleanText(`${kindWordsOf(field)}${byDefault}`)),
				span(description ? `  ${cleanText(description)}` : '', 'muted'),
			];
		}),
	];
};

const trustRowsOf = (state: CockpitState, columns: number): Row[] => {
	if (!isTrustMissing(state)) return [];
	const words = `! This workspace is not trusted: what its own files say of agents, permissions and budgets is not used. ${keyOf('ask-trust-here', state)} shows which files, and asks.`;
	return [[], ...wrap(words, columns - 2).map(text => [span(` ${text}`, 'alert')])];
};
