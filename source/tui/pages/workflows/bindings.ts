import type {Binding} from '../../keys/bindings.ts';
import {cannotDecide} from '../../keys/reasons.ts';
import type {CockpitState} from '../../state.ts';
import {isArmingMissing} from '../triggers/select.ts';
import {brokenWords, formOf} from './form/form.ts';
import {fileToShowOf, isTrustMissing, selectedItemOf, shownWorkflowOf} from './select.ts';
import {selectedTemplateOf} from './templates/select.ts';

const lists = ['needs', 'runs', 'steps'] as const;
const inForm = ['form', 'choice'] as const;

/** At home; its hint gives way to the list of commands. */
export const newRunBindings: readonly Binding[] = [
	{keys: ['n'], action: 'new-run', description: 'new run: pick a workflow', hint: 'new run', where: lists},
];

export const workflowsBindings: readonly Binding[] = [
	{
		keys: ['enter', 'right', 'l'],
		action: 'open-form',
		description: 'start a run: asks for its inputs first',
		hint: 'run',
		where: ['workflows'],
		disabledReason: cannotFill,
	},
	{
		keys: ['t'],
		action: 'templates',
		description: 'templates: make a workflow of one',
		hint: 'templates',
		where: ['workflows'],
	},
	{
		keys: ['enter', 'right', 'l'],
		action: 'template-form',
		description: 'make a workflow of this template: asks for its variables first',
		hint: 'make one',
		where: ['templates'],
		disabledReason: cannotMake,
	},
	{
		keys: ['c'],
		action: 'template-category',
		description: 'only the next category; after the last one, all of them',
		hint: 'category',
		where: ['templates'],
	},
	{
		keys: ['tab', 'shift-tab'],
		action: 'template-half',
		description: 'the list or the preview: which of them moves',
		hint: 'other half',
		where: ['templates'],
		isMotion: true,
	},
	{
		keys: ['/'],
		action: 'template-filter',
		description: 'filter the templates: words, !not this, ~letters in order',
		hint: 'filter',
		where: ['templates'],
	},
	{
		keys: ['esc', 'left', 'h'],
		action: 'templates-close',
		description: 'back to the workflows',
		hint: 'back',
		where: ['templates'],
		isMotion: true,
	},
	{
		keys: ['enter'],
		action: 'template-filter-keep',
		description: 'list the templates that fit',
		hint: 'keep',
		where: ['template-filter'],
		isMotion: true,
	},
	{
		keys: ['esc'],
		action: 'template-filter-clear',
		description: 'show all templates again',
		hint: 'show all',
		where: ['template-filter'],
		isMotion: true,
	},
	{
		keys: ['w'],
		action: 'show-workflow',
		description: 'the file of the workflow, beside its plan and its problems',
		hint: 'file',
		where: ['workflows', 'triggers'],
		disabledReason: nothingToShow,
	},
	{
		keys: ['W'],
		action: 'show-run-workflow',
		description: 'the file that the selected run is of',
		where: ['needs', 'runs'],
		disabledReason: nothingToShow,
	},
	{
		keys: ['T'],
		action: 'ask-trust-here',
		description: 'trust this workspace and arm its triggers (shows what that covers, and asks)',
		hint: 'trust',
		where: ['workflows', 'triggers', 'tools'],
		disabledReason: cannotTrust,
	},
	{
		keys: ['e'],
		action: 'edit',
		description: 'edit the file in $VISUAL or $EDITOR, and come back',
		hint: 'edit',
		where: ['workflow', 'workflows', 'triggers', 'tools'],
		disabledReason: cannotEdit,
	},
	{
		keys: ['/'],
		action: 'page-filter',
		description: 'filter this list: words, !not this, ~letters in order',
		hint: 'filter',
		where: ['workflows', 'logs'],
	},
	{
		keys: ['ctrl-s'],
		action: 'form-start',
		description: 'start the run; of a template, make the workflow',
		hint: 'start',
		where: inForm,
		disabledReason: cannotStart,
	},
	{
		keys: ['enter'],
		action: 'form-enter',
		description: 'to the field below; on the last one, start the run or make the workflow',
		hint: 'next',
		where: inForm,
		isMotion: true,
		disabledReason: cannotStart,
	},
	{keys: ['tab', 'down'], action: 'form-next', description: 'to the field below', where: inForm, isMotion: true},
	{
		keys: ['shift-tab', 'up'],
		action: 'form-previous',
		description: 'to the field above',
		where: inForm,
		isMotion: true,
	},
	{
		keys: ['space', 'right'],
		action: 'choice-next',
		description: 'the next of these values',
		hint: 'next value',
		where: ['choice'],
		isMotion: true,
	},
	{keys: ['left'], action: 'choice-previous', description: 'the value before', where: ['choice'], isMotion: true},
	{
		keys: ['ctrl-t'],
		action: 'ask-trust',
		description: 'trust this workspace (shows what that covers, and asks), and come back',
		where: inForm,
		disabledReason: cannotTrust,
	},
	{
		keys: ['esc'],
		action: 'form-close',
		description: 'close the form, start and make nothing',
		hint: 'close',
		where: inForm,
		isMotion: true,
	},
	{
		keys: ['y'],
		action: 'trust',
		description: 'yes, trust these files as they are',
		hint: 'yes, trust them',
		where: ['trust'],
		isDecision: true,
		disabledReason: state => notYetRead(state) ?? cannotTrust(state),
	},
	{keys: ['n', 'esc'], action: 'no-trust', description: 'no, leave it untrusted', hint: 'no', where: ['trust']},
	{
		keys: ['tab', 'shift-tab'],
		action: 'other-half',
		description: 'source or plan: which of them moves',
		hint: 'other half',
		where: ['workflow'],
		isMotion: true,
	},
	{
		keys: ['n'],
		action: 'next-problem',
		description: 'to the next line that something is wrong with',
		hint: 'next problem',
		where: ['workflow'],
		disabledReason: state =>
			shownWorkflowOf(state)?.diagnostics.length ? undefined : 'Nothing is wrong with the file, as far as is known.',
	},
	{
		keys: ['esc', 'left', 'h'],
		action: 'close-workflow',
		description: 'back to where it was opened',
		hint: 'back',
		where: ['workflow'],
		isMotion: true,
	},
	{
		keys: ['enter'],
		action: 'page-filter-keep',
		description: 'go on with this filter',
		hint: 'keep',
		where: ['page-filter'],
		isMotion: true,
	},
	{
		keys: ['esc'],
		action: 'page-filter-clear',
		description: 'show everything on this screen again',
		hint: 'show all',
		where: ['page-filter'],
		isMotion: true,
	},
];

function nothingToShow(state: CockpitState): string | undefined {
	return fileToShowOf(state) === undefined ? 'Nothing is selected.' : undefined;
}

function cannotFill(state: CockpitState): string | undefined {
	const item = selectedItemOf(state);
	if (!item) return 'There is no workflow to run.';
	const view = shownWorkflowOf(state);
	if (view && !view.definition) return brokenWords;
	const {workflow} = state.fetched;
	return (workflow?.key === item.file ? workflow.failure?.message : undefined) ?? cannotDecide(state);
}

function cannotMake(state: CockpitState): string | undefined {
	const template = selectedTemplateOf(state);
	if (!template) return 'There is no template to use.';
	return template.problems.length > 0 ? 'It has mistakes: it cannot be used.' : cannotDecide(state);
}

function cannotStart(state: CockpitState): string | undefined {
	return formOf(state)?.isSent ? 'It is on its way.' : cannotDecide(state);
}

/** Whoever meant a question that is gone must not trust by it. */
function notYetRead({dialog, nowMs}: CockpitState): string | undefined {
	return dialog?.kind === 'trust' && nowMs < dialog.armedAtMs ? 'It appeared only just now: read it first.' : undefined;
}

function cannotTrust(state: CockpitState): string | undefined {
	const view = state.fetched.workspace?.value;
	if (!view) return state.fetched.workspace?.failure?.message ?? 'Whether it is trusted is not known yet.';
	if (isArmingMissing(state)) return cannotDecide(state);
	if (view.isTrusted) return 'It is trusted already.';
	return isTrustMissing(state) ? cannotDecide(state) : 'Nothing in this workspace needs to be trusted.';
}

function cannotEdit(state: CockpitState): string | undefined {
	if (fileToShowOf(state) === undefined) return 'Nothing is selected.';
	return state.isReadOnly ? 'This cockpit is read-only.' : undefined;
}
