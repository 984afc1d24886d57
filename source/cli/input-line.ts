import type {InputDefinition} from '../workflow/definition.ts';

/** @returns An input as it is given, what it may be and what it is for. */
export const inputLineOf = (name: string, input: InputDefinition): string => {
	const {type, required, enum: values, default: byDefault, description} = input;
	const need = byDefault === undefined ? (required ? ', required' : '') : `, default ${JSON.stringify(byDefault)}`;
	return `--input ${name}=<${values ? values.map(String).join('|') : type}${need}>${description ? `  ${description}` : ''}`;
};
