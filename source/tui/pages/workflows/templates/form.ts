import type {TemplateView} from '../../../../templates/shelf.ts';
import {typedTextOf} from '../../../../templates/values.ts';
import type {Outcome} from '../../../keys/actions.ts';
import type {CockpitState} from '../../../state.ts';
import type {FormDialog, FormField} from '../page-state.ts';
import {selectedTemplateOf} from './select.ts';

/** Opens the form of the template under the cursor, filled with its defaults. */
export const openedTemplateForm = (state: CockpitState): Outcome => {
	const template = selectedTemplateOf(state);
	if (!template || template.problems.length > 0) return {state};
	const fields = fieldsOfTemplate(template);
	const dialog: FormDialog = {
		kind: 'form',
		file: '',
		workflow: template.id,
		template: template.id,
		fields,
		texts: Object.fromEntries(fields.map(({key, variable}) => [key, typedTextOf(variable!.default)])),
		cursor: 0,
		isTried: false,
		isSent: false,
		estimatedAgents: '',
	};
	return {state: {...state, dialog}};
};

const fieldsOfTemplate = ({variables}: TemplateView): FormField[] =>
	variables.map(variable => {
		const preset = typedTextOf(variable.default);
		return {
			key: `variable:${variable.name}`,
			label: variable.name,
			variable,
			choices:
				variable.type === 'boolean'
					? ['true', 'false']
					: variable.type === 'choice'
						? variable.enum!.map(String)
						: undefined,
			placeholder: preset === '' ? (variable.required ? '' : 'may be left empty') : `empty: ${preset}`,
		};
	});

/** @returns What is typed, by name of the variable; an empty field is taken as its default. */
export const givenVariablesOf = ({fields, texts}: Pick<FormDialog, 'fields' | 'texts'>): Record<string, string> =>
	Object.fromEntries(
		fields.flatMap(({key, variable}) => {
			const text = texts[key] ?? '';
			const isCleared = text === '' && variable?.type === 'string' && !variable.required;
			return variable && (text !== '' || isCleared) ? [[variable.name, text]] : [];
		}),
	);
