import {staleOnly} from '../../fetched/stale.ts';
import type {Action, Outcome} from '../../keys/actions.ts';
import {layoutOf} from '../../layout.ts';
import type {CockpitState} from '../../state.ts';
import {formOf, isOnLastField, openedForm, sent, withChoice, withCursor} from './form/form.ts';
import type {FormDialog} from './page-state.ts';
import {fileToShowOf} from './select.ts';
import {atNextProblem, closedWorkflow, withOtherHalf, withWorkflow} from './source/view.ts';
import {openedTemplateForm} from './templates/form.ts';
import {withNextCategory, withTemplates} from './templates/select.ts';

export const workflowsActions = {
	workflows: (state: CockpitState): Outcome => ({state: onWorkflows(state)}),
	'new-run': (state: CockpitState): Outcome => ({state: onWorkflows(state)}),
	templates: (state: CockpitState): Outcome => ({
		state: {...state, dialog: {kind: 'templates'}, fetched: staleOnly(state.fetched, ['templates'])},
	}),
	'templates-close': (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	'template-form': openedTemplateForm,
	'template-category': (state: CockpitState): Outcome => ({state: withNextCategory(state)}),
	'template-half': (state: CockpitState): Outcome => ({
		state: withTemplates(state, {half: state.pages.workflows.templates.half === 'list' ? 'preview' : 'list'}),
	}),
	'template-filter': (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'template-filter'}}}),
	'template-filter-keep': (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'templates'}}}),
	'template-filter-clear': (state: CockpitState): Outcome => ({
		state: withTemplates({...state, dialog: {kind: 'templates'}}, {filter: ''}),
	}),
	'open-form': openedForm,
	'form-enter': (state: CockpitState): Outcome => {
		const form = formOf(state);
		return form && !isOnLastField(form) ? changedForm(state, each => withCursor(each, 1)) : sent(state);
	},
	'form-start': sent,
	'form-next': (state: CockpitState): Outcome => changedForm(state, form => withCursor(form, 1)),
	'form-previous': (state: CockpitState): Outcome => changedForm(state, form => withCursor(form, -1)),
	'choice-next': (state: CockpitState): Outcome => changedForm(state, form => withChoice(form, 1)),
	'choice-previous': (state: CockpitState): Outcome => changedForm(state, form => withChoice(form, -1)),
	'form-close': (state: CockpitState): Outcome => ({
		state: {...state, dialog: formOf(state)?.template === undefined ? undefined : {kind: 'templates'}},
	}),
	'ask-trust': (state: CockpitState): Outcome => ({state: askedToTrust(state)}),
	'ask-trust-here': (state: CockpitState): Outcome => ({state: askedToTrust(state)}),
	trust: (state: CockpitState): Outcome => ({
		state: afterTrust(state),
		effect: {kind: 'trust', workspace: state.workspace},
	}),
	'no-trust': (state: CockpitState): Outcome => ({state: afterTrust(state)}),
	'show-run-workflow': (state: CockpitState): Outcome => ({state: fresh(withWorkflow(state))}),
	'show-workflow': (state: CockpitState): Outcome => ({state: fresh(withWorkflow(state))}),
	'close-workflow': (state: CockpitState): Outcome => ({state: closedWorkflow(state)}),
	'other-half': (state: CockpitState): Outcome => ({state: withOtherHalf(state)}),
	'next-problem': (state: CockpitState): Outcome => {
		const size = layoutOf(state).page;
		return {state: size ? atNextProblem(state, size) : state};
	},
	edit: (state: CockpitState): Outcome => {
		const file = fileToShowOf(state);
		return file === undefined ? {state} : {state, effect: {kind: 'edit', file}};
	},
	'page-filter': (state: CockpitState): Outcome => ({state: {...state, dialog: {kind: 'page-filter'}}}),
	'page-filter-keep': (state: CockpitState): Outcome => ({state: {...state, dialog: undefined}}),
	'page-filter-clear': (state: CockpitState): Outcome => ({
		state: withPageFilter({...state, dialog: undefined}, ''),
	}),
} satisfies Readonly<Record<string, Action>>;

/** Files change without an event: whoever comes here sees them as they are. */
const onWorkflows = (state: CockpitState): CockpitState => fresh({...state, screen: 'workflows'});

const fresh = (state: CockpitState): CockpitState => ({
	...state,
	fetched: staleOnly(state.fetched, ['workflows', 'workflow', 'workspace', 'estimate']),
});

const changedForm = (state: CockpitState, change: (form: FormDialog) => FormDialog): Outcome => {
	const form = formOf(state);
	return {state: form ? {...state, dialog: change(form)} : state};
};

/** @returns The state with the question, on a screen that has room for it. */
export const askedToTrust = (state: CockpitState, armedAtMs = 0): CockpitState => ({
	...state,
	screen: state.screen === 'triggers' || state.screen === 'tools' ? state.screen : 'workflows',
	// What starts itself is told with the files.
	fetched: staleOnly(state.fetched, ['workspace', 'workflows']),
	dialog: {kind: 'trust', scroll: 0, form: formOf(state), from: state.screen, armedAtMs},
});

const afterTrust = (state: CockpitState): CockpitState =>
	state.dialog?.kind === 'trust' ? {...state, screen: state.dialog.from, dialog: state.dialog.form} : state;

/** @returns What is typed as a filter on the screen that is shown. */
export const pageFilterOf = ({screen, pages}: CockpitState): string =>
	screen === 'workflows' || screen === 'logs' ? pages[screen].filter : '';

export const withPageFilter = (state: CockpitState, filter: string): CockpitState => {
	const {screen, pages} = state;
	if (screen !== 'workflows' && screen !== 'logs') return state;
	return {...state, pages: {...pages, [screen]: {...pages[screen], filter}}};
};
