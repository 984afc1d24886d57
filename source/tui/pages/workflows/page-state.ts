import type {TemplateVariable} from '../../../templates/definition.ts';
import type {InputDefinition} from '../../../workflow/definition.ts';
import type {CockpitState} from '../../state.ts';
import {initialTemplates, type TemplatesState} from './templates/page-state.ts';

export interface WorkflowsPageState {
	/** File of the workflow under the cursor; `undefined`: the first. */
	readonly selected?: string;
	readonly filter: string;
	readonly templates: TemplatesState;
}

export const initialWorkflowsPage: WorkflowsPageState = {filter: '', templates: initialTemplates};

/** What a run is started with, or a workflow is made with, while it is being typed. */
export interface FormDialog {
	readonly kind: 'form';
	/** Empty in the form of a template. */
	readonly file: string;
	/** Name of the workflow. */
	readonly workflow: string;
	/** Id of the template that a workflow is made of, where it is one. */
	readonly template?: string;
	readonly fields: readonly FormField[];
	/** What is typed, by key of the field. Empty: not given. */
	readonly texts: Readonly<Record<string, string>>;
	/** Index of the field that keys go to. */
	readonly cursor: number;
	/** It was sent once with mistakes: also what is missing is said now. */
	readonly isTried: boolean;
	/** On its way to the daemon. */
	readonly isSent: boolean;
	/** Why the daemon did not take it. */
	readonly failure?: string;
	/** The agents that the estimate is of, as typed. */
	readonly estimatedAgents: string;
}

export interface FormField {
	/** Unique in its form: `input:issue`, `agents`. */
	readonly key: string;
	readonly label: string;
	/** Of an input. */
	readonly definition?: InputDefinition;
	/** Of a template. */
	readonly variable?: TemplateVariable;
	/** One of these is picked instead of text being typed; the empty one is "not given". */
	readonly choices?: readonly string[];
	/** Said where nothing is typed. */
	readonly placeholder: string;
}

/** Asks whether the workspace is trusted, and shows what that covers. */
export interface TrustDialog {
	readonly kind: 'trust';
	readonly scroll: number;
	/** The form that it was asked from, and that it goes back to. */
	readonly form?: FormDialog;
	/** Before this moment no key decides: it may have been meant for what was here before. */
	readonly armedAtMs: number;
	/** Where an answer leads. */
	readonly from: CockpitState['screen'];
}

/** The source of a workflow beside its plan. */
export interface WorkflowDialog {
	readonly kind: 'workflow';
	readonly file: string;
	/** Where `esc` leads. */
	readonly from: CockpitState['screen'];
	/** Which half the keys move. */
	readonly half: 'source' | 'plan';
	/** First row shown of each. */
	readonly scrolls: Readonly<Record<'source' | 'plan', number>>;
	/** SHA-256 of the file that the run it was opened from goes by. */
	readonly runHash?: string;
}

/** The filter of a screen besides home is being typed; it holds at once. */
export interface PageFilterDialog {
	readonly kind: 'page-filter';
}
