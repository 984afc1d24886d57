import type {TemplateCategory} from '../../../../templates/definition.ts';

/** What is looked for among the templates; kept while the cockpit is open. */
export interface TemplatesState {
	/** Id of the template under the cursor; `undefined`: the first. */
	readonly selected?: string;
	readonly filter: string;
	/** Missing: all of them. */
	readonly category?: TemplateCategory;
	/** Which half the keys move. */
	readonly half: 'list' | 'preview';
	/** First row shown of the preview. */
	readonly scroll: number;
}

export const initialTemplates: TemplatesState = {filter: '', half: 'list', scroll: 0};

/** The list of templates, in place of that of workflows. */
export interface TemplatesDialog {
	readonly kind: 'templates';
}

/** Its filter is being typed; it holds at once. */
export interface TemplateFilterDialog {
	readonly kind: 'template-filter';
}
