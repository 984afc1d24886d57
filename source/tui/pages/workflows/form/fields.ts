import type {WorkflowDefinitionView} from '../../../../api/messages.ts';
import {resolveVariables, variableWordsOf} from '../../../../templates/values.ts';
import type {InputDefinition} from '../../../../workflow/definition.ts';
import {resolveInputs} from '../../../../workflow/inputs.ts';
import {typeNounOf} from '../../../../workflow/values.ts';
import type {RememberedInputs} from '../../../memory/remembered.ts';
import type {FormDialog, FormField} from '../page-state.ts';

export const agentsKey = 'agents';

const keyOf = (input: string): string => `input:${input}`;

/** A field for each input, in the order of the file, and one for the agents where any is asked. */
export const fieldsOf = ({inputs, agents, asksAgents}: WorkflowDefinitionView): FormField[] => [
	...Object.entries(inputs).map(([name, definition]) => ({
		key: keyOf(name),
		label: name,
		definition,
		choices: choicesOf(definition),
		placeholder: placeholderOf(definition),
	})),
	...(asksAgents
		? [
				{
					key: agentsKey,
					label: 'agents',
					placeholder:
						agents.length > 0 ? `as the file says: ${agents.join(', ')}` : 'names with commas; the file names none',
				},
			]
		: []),
];

/** @param typed What was typed last time. @returns What the form begins with: that, else what the file presets. */
export const textsOf = (fields: readonly FormField[], typed: RememberedInputs = {}): Record<string, string> =>
	Object.fromEntries(
		fields.map(({key, label, definition, choices}) => {
			const before = definition && Object.hasOwn(typed, label) ? typed[label]! : undefined;
			const isStillChoice = before !== undefined && (!choices || choices.includes(before));
			return [key, isStillChoice ? before : presetOf(definition)];
		}),
	);

/** @returns What is given, by name of the input, as text: it is read as the declared type, as on the command line. */
export const givenOf = ({fields, texts}: Pick<FormDialog, 'fields' | 'texts'>): Record<string, string> =>
	Object.fromEntries(
		fields.flatMap(({key, label, definition}) => (definition && texts[key] ? [[label, texts[key]]] : [])),
	);

/** @returns Of what is given, what is not preset: what is offered again next time. */
export const typedOf = (form: Pick<FormDialog, 'fields' | 'texts'>): Record<string, string> => {
	const preset = textsOf(form.fields);
	const own = form.fields.filter(({key}) => form.texts[key] !== preset[key]);
	return givenOf({fields: own, texts: form.texts});
};

/** @returns Names of the agents to use instead of those of the file; `undefined`: those. */
export const agentsOf = (text: string): string[] | undefined => {
	const names = text
		.split(',')
		.map(name => name.trim())
		.filter(Boolean);
	return names.length > 0 ? names : undefined;
};

/** @returns What is wrong with what a field holds, as the commands say it; `undefined` where nothing is. */
export const problemOf = ({label, definition, variable}: FormField, text: string): string | undefined => {
	if (variable) return resolveVariables([variable], text === '' ? {} : {[label]: text}).problems[0]?.message;
	if (!definition) return undefined;
	const {diagnostics} = resolveInputs({inputs: {[label]: definition}}, text === '' ? {} : {[label]: text});
	return diagnostics[0]?.message;
};

/** @returns Index of the first field that has to be mended; -1 where the form is in order. */
export const firstProblemOf = ({fields, texts}: Pick<FormDialog, 'fields' | 'texts'>): number =>
	fields.findIndex(field => problemOf(field, texts[field.key] ?? '') !== undefined);

const choicesOf = ({type, enum: allowed, required, default: preset}: InputDefinition): string[] | undefined => {
	const values = allowed?.map(textOf) ?? (type === 'boolean' ? ['true', 'false'] : undefined);
	return values && !required && preset === undefined ? ['', ...values] : values;
};

const presetOf = (definition: InputDefinition | undefined): string => {
	const preset = definition?.default;
	return preset === undefined || preset === null ? '' : textOf(preset);
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const placeholderOf = ({default: preset, required}: InputDefinition): string => {
	if (preset !== undefined && preset !== null) return `empty: ${textOf(preset)}`;
	return required ? '' : 'may be left empty';
};

/** @returns `integer, required`, `one of fast, thorough`. */
export const kindWordsOf = ({definition, variable, choices}: FormField): string => {
	if (variable) return variableWordsOf(variable);
	if (!definition) return 'names, with commas';
	const {type, enum: allowed, required, pattern} = definition;
	const kind = allowed ? `one of ${choices!.filter(Boolean).join(', ')}` : typeNounOf(type).replace(/^an? /, '');
	return [kind, pattern && `matching ${pattern}`, required && 'required'].filter(Boolean).join(', ');
};
