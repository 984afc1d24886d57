import {listFilterOf} from '../../../../list-filter.ts';
import {type TemplateCategory, templateCategories} from '../../../../templates/definition.ts';
import type {TemplateView} from '../../../../templates/shelf.ts';
import type {CockpitState} from '../../../state.ts';
import {idAfter, selectedIdOf} from '../../cursor.ts';
import type {TemplatesState} from './page-state.ts';

/** Whether templates are what is looked at: their list, its filter, or the form of one. */
export const isAboutTemplates = ({dialog}: Pick<CockpitState, 'dialog'>): boolean =>
	dialog?.kind === 'templates' ||
	dialog?.kind === 'template-filter' ||
	(dialog?.kind === 'form' && dialog.template !== undefined);

/** @returns The templates of the category and the filter, by id. */
export const shownTemplatesOf = (state: CockpitState): readonly TemplateView[] => {
	const {filter, category} = state.pages.workflows.templates;
	const fits = listFilterOf(filter);
	return (state.fetched.templates?.value ?? []).filter(
		template =>
			(category === undefined || template.category === category) &&
			(!fits || fits(`${template.id} ${template.name} ${template.tags.join(' ')} ${template.description}`)),
	);
};

export const selectedTemplateOf = (state: CockpitState): TemplateView | undefined => {
	const shown = shownTemplatesOf(state);
	const id = selectedIdOf(
		shown.map(template => template.id),
		state.pages.workflows.templates.selected,
	);
	return shown.find(template => template.id === id);
};

/** @returns The template whose form is open. */
export const templateOfForm = ({fetched, dialog}: CockpitState): TemplateView | undefined =>
	dialog?.kind === 'form' && dialog.template !== undefined
		? fetched.templates?.value?.find(({id}) => id === dialog.template)
		: undefined;

export const withTemplates = (state: CockpitState, change: Partial<TemplatesState>): CockpitState => {
	const {workflows} = state.pages;
	const templates = {...workflows.templates, ...change};
	return {...state, pages: {...state.pages, workflows: {...workflows, templates}}};
};

export const movedInTemplates = (state: CockpitState, rows: number): CockpitState => {
	const ids = shownTemplatesOf(state).map(({id}) => id);
	return withTemplates(state, {selected: idAfter(ids, selectedTemplateOf(state)?.id, rows), scroll: 0});
};

/** @returns The state with the next category that has a template; after the last one all of them. */
export const withNextCategory = (state: CockpitState): CockpitState => {
	const used = new Set(state.fetched.templates?.value?.map(({category}) => category));
	const names = (Object.keys(templateCategories) as TemplateCategory[]).filter(name => used.has(name));
	const {category} = state.pages.workflows.templates;
	const next = category === undefined ? names[0] : names[names.indexOf(category) + 1];
	return withTemplates(state, {category: next, scroll: 0});
};
