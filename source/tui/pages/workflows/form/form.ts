import type {WorkflowFileView} from '../../../../api/messages.ts';
import type {Outcome} from '../../../keys/actions.ts';
import type {CockpitState} from '../../../state.ts';
import type {FormDialog, FormField} from '../page-state.ts';
import {shownFileOf, shownWorkflowOf} from '../select.ts';
import {givenVariablesOf} from '../templates/form.ts';
import {agentsKey, agentsOf, fieldsOf, firstProblemOf, givenOf, textsOf, typedOf} from './fields.ts';

/** Opens the form of the selected workflow; where its file has not been read yet, as soon as it is. */
export const openedForm = (state: CockpitState): Outcome => {
	const view = shownWorkflowOf(state);
	if (view) return {state: withForm(state, view)};
	const file = shownFileOf(state);
	return file === undefined ? {state} : {state, effect: {kind: 'fill-form', file}};
};

/** @returns The state with the form of a workflow open, filled with what was typed last time. */
export const withForm = (state: CockpitState, view: WorkflowFileView): CockpitState => {
	if (!view.definition) return {...state, notice: {kind: 'info', text: brokenWords}};
	const fields = fieldsOf(view.definition);
	const dialog: FormDialog = {
		kind: 'form',
		file: view.file,
		workflow: view.definition.name,
		fields,
		texts: textsOf(fields, state.remembered.inputs[view.file]),
		cursor: 0,
		isTried: false,
		isSent: false,
		estimatedAgents: '',
	};
	return {...state, dialog};
};

/** Why a workflow cannot be run. */
export const brokenWords = 'Its file has problems: it cannot be run.';

export const formOf = ({dialog}: Pick<CockpitState, 'dialog'>): FormDialog | undefined =>
	dialog?.kind === 'form' ? dialog : undefined;

export const fieldUnderCursor = (form: FormDialog): FormField | undefined => form.fields[form.cursor];

export const textUnderCursor = (form: FormDialog): string => form.texts[fieldUnderCursor(form)?.key ?? ''] ?? '';

/** @returns The form with this text in the field under the cursor. */
export const withText = (form: FormDialog, text: string): FormDialog => {
	const field = fieldUnderCursor(form);
	return field ? {...form, failure: undefined, texts: {...form.texts, [field.key]: text}} : form;
};

/** @returns The form with the next choice, or the one before; round and round. */
export const withChoice = (form: FormDialog, step: 1 | -1): FormDialog => {
	const {choices = []} = fieldUnderCursor(form) ?? {};
	const index = choices.indexOf(textUnderCursor(form));
	// From something that is no choice, the first one or the last.
	const next = index < 0 ? (step > 0 ? 0 : choices.length - 1) : (index + step + choices.length) % choices.length;
	return withText(form, choices[next] ?? '');
};

/** @returns The form with its cursor so many fields on. What is typed for agents is estimated when the cursor leaves it. */
export const withCursor = (form: FormDialog, rows: number): FormDialog => ({
	...form,
	cursor: Math.max(0, Math.min(form.cursor + rows, form.fields.length - 1)),
	estimatedAgents: form.texts[agentsKey] ?? '',
});

/** Starts the run, or makes the workflow, where the form is in order; else goes to the first field that is not. */
export const sent = (state: CockpitState): Outcome => {
	const form = formOf(state);
	if (!form) return {state};
	const problem = firstProblemOf(form);
	const purpose = form.template === undefined ? 'run' : 'be made';
	if (problem >= 0) {
		const dialog = {...form, isTried: true, cursor: problem};
		return {state: {...state, dialog, notice: {kind: 'info', text: `This has to be mended before it can ${purpose}.`}}};
	}

	if (form.template !== undefined)
		return {
			state: {...state, dialog: {...form, isSent: true, failure: undefined}},
			effect: {kind: 'use-template', template: form.template, given: givenVariablesOf(form)},
		};

	const inputs = givenOf(form);
	return {
		state: {...state, dialog: {...form, isSent: true, failure: undefined}},
		effect: {
			kind: 'start-run',
			file: form.file,
			inputs,
			agents: agentsOf(form.texts[agentsKey] ?? ''),
			typed: typedOf(form),
		},
	};
};

export const isOnLastField = (form: FormDialog): boolean => form.cursor >= form.fields.length - 1;
