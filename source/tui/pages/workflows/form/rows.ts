import type {CostEstimate} from '../../../../api/messages.ts';
import {formatUsd} from '../../../../units.ts';
import {keyOf} from '../../../keys/remap.ts';
import {resourceWordsOf} from '../../../rows/resource.ts';
import type {CockpitState} from '../../../state.ts';
import {cleanText} from '../../../text/clean.ts';
import {type Row, span} from '../../../text/row.ts';
import {shortPathOf} from '../../../text/short-path.ts';
import {fitText, widthOf, wrap} from '../../../text/width.ts';
import type {Look} from '../../../theme.ts';
import type {FormDialog, FormField} from '../page-state.ts';
import {isTrustMissing, shownWorkflowOf} from '../select.ts';
import {templateOfForm} from '../templates/select.ts';
import {kindWordsOf, problemOf} from './fields.ts';

export interface FormRows {
	readonly rows: readonly Row[];
	/** Index of the row that keys go to. */
	readonly cursorRow: number;
}

export const formRowsOf = (state: CockpitState, form: FormDialog, columns: number, look: Look): FormRows => {
	const labelColumns = Math.min(24, Math.max(6, ...form.fields.map(({label}) => widthOf(cleanText(label)))));
	const rows: Row[] = introductionOf(state, columns);
	let cursorRow = 0;
	for (const [index, field] of form.fields.entries()) {
		const isHere = index === form.cursor;
		if (isHere) cursorRow = rows.length;
		rows.push(...fieldRowsOf(form, field, {isHere, columns, labelColumns, look}));
	}

	if (form.fields.length === 0) rows.push([span(' It takes no inputs.', 'muted')]);
	rows.push([], ...footOf(state, form, columns, look));
	return {rows, cursorRow};
};

const introductionOf = (state: CockpitState, columns: number): Row[] => {
	const description = templateOfForm(state)?.description ?? shownWorkflowOf(state)?.definition?.description;
	if (!description) return [];
	const lines = wrap(cleanText(description), columns - 2).slice(0, 3);
	return [...lines.map(text => [span(` ${text}`)]), []];
};

const fieldRowsOf = (
	form: FormDialog,
	field: FormField,
	{isHere, columns, labelColumns, look}: {isHere: boolean; columns: number; labelColumns: number; look: Look},
): Row[] => {
	const {glyphs} = look;
	const text = form.texts[field.key] ?? '';
	const label = fitText(cleanText(field.label), labelColumns, glyphs.ellipsis);
	const kind = cleanText(kindWordsOf(field));
	const isWide = columns >= labelColumns + 60;
	const valueColumns = isWide ? Math.max(24, columns - labelColumns - 36) : columns - labelColumns - 4;
	// What a template asks for is said first; how it is written comes after.
	const about = (field.variable ? [aboutOf(field), kind] : [kind, aboutOf(field)]).filter(Boolean).join('. ');
	const rows: Row[] = [
		[
			span(isHere ? glyphs.cursor : ' ', 'key'),
			span(label, isHere ? 'strong' : 'text'),
			span('  '),
			...valueSpansOf(field, text, isHere, valueColumns, look),
			...(isWide ? [span(` ${about}`, 'muted')] : []),
		],
	];
	if (isHere && !isWide) rows.push([span(`${' '.repeat(labelColumns + 3)}${about}`, 'muted')]);
	const problem = text === '' && !form.isTried ? undefined : problemOf(field, text);
	if (problem !== undefined) {
		const indent = ' '.repeat(labelColumns + 3);
		for (const line of wrap(cleanText(problem), Math.max(10, columns - labelColumns - 6)))
			rows.push([span(`${indent}${glyphs.status.failed} ${line}`, 'failed')]);
	}

	return rows;
};

const aboutOf = ({definition, variable}: FormField): string =>
	cleanText(variable?.description ?? definition?.description ?? '');

const valueSpansOf = (
	{choices, placeholder}: FormField,
	text: string,
	isHere: boolean,
	columns: number,
	{glyphs}: Look,
): Row => {
	const shown = cleanText(text);
	if (choices) {
		const words = shown === '' ? 'not given' : shown;
		return [
			span(fitText(`< ${words} >`, columns, glyphs.ellipsis), isHere ? 'strong' : text === '' ? 'muted' : 'text'),
		];
	}

	const caret = isHere ? glyphs.caret : '';
	if (text === '')
		return [
			span(caret, 'key'),
			span(fitText(cleanText(placeholder), columns - caret.length, glyphs.ellipsis), 'muted'),
		];
	const tail = endOf(shown, columns - caret.length - 1, glyphs.ellipsis);
	return [span(tail), span(caret, 'key'), span(' '.repeat(Math.max(0, columns - widthOf(tail) - caret.length)))];
};

/** @returns The end of a text that is too long: it is where the typing goes on. */
const endOf = (text: string, columns: number, ellipsis: string): string => {
	if (widthOf(text) <= columns) return text;
	let tail = text.slice(-columns);
	while (widthOf(tail) > columns - 1) tail = tail.slice(1);
	return ellipsis + tail;
};

const footOf = (state: CockpitState, form: FormDialog, columns: number, look: Look): Row[] => {
	const rows = form.template === undefined ? runRowsOf(state, columns) : targetRowsOf(state, form);
	const {glyphs} = look;
	const sending = form.template === undefined ? 'Starting' : 'Making';
	if (form.isSent) rows.push([span(` ${sending} it${glyphs.ellipsis}`, 'alert')]);
	if (form.failure !== undefined) {
		for (const line of wrap(cleanText(form.failure), columns - 4))
			rows.push([span(` ${glyphs.status.failed} ${line}`, 'failed')]);
	}

	return rows;
};

/** Where the workflow goes, and how it gets there. */
const targetRowsOf = (state: CockpitState, form: FormDialog): Row[] => {
	const name = form.texts['variable:name'] || form.template || '';
	const place = `${shortPathOf(state.workspace, state.home)}/.aiworkflow/workflows/${name}/`;
	return [
		[span(' Made in   ', 'muted'), span(cleanText(place))],
		[span(` ${keyOf('form-start', state)} makes it; it is not run`, 'muted')],
	];
};

const runRowsOf = (state: CockpitState, columns: number): Row[] => {
	const rows: Row[] = [
		[span(' Works in  ', 'muted'), span(shortPathOf(state.workspace, state.home))],
		[span(' Estimate  ', 'muted'), span(estimateWordsOf(state))],
	];
	if (isTrustMissing(state)) {
		const words = `This workspace is not trusted: the agents, permissions and budgets that its own files describe are not used. ${keyOf('ask-trust', state)} shows which files, and asks.`;
		for (const [index, line] of wrap(words, columns - 4).entries())
			rows.push([span(` ${index === 0 ? '!' : ' '} ${line}`, 'alert')]);
	}

	return rows;
};

/** @returns What the estimate says, in the words of the commands. */
export const estimateWordsOf = ({fetched}: CockpitState): string => {
	const {estimate} = fetched;
	const words = resourceWordsOf(estimate, '', false);
	if (words !== undefined) return words === 'Loading.' ? 'asking' : words;
	return costWordsOf(estimate!.value!);
};

const costWordsOf = ({steps, likelyUsd, knownUsd, unknownSteps}: CostEstimate): string => {
	if (steps.length === 0) return 'asks no agent: it costs nothing';
	if (likelyUsd !== null) return `about ${usd(likelyUsd)}`;
	const unknown = `unknown for ${unknownSteps.map(cleanText).join(', ')}`;
	return knownUsd === 0 ? unknown : `${usd(knownUsd)} and more: ${unknown}`;
};

const usd = (amount: number): string => formatUsd(Math.round(amount * 1_000_000));
