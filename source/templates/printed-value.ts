import type {VariableValue} from './definition.ts';

/** @returns A value within a text: the entries of a list with commas between them. */
export const printedValueOf = (value: VariableValue): string =>
	typeof value === 'object' ? value.join(', ') : String(value);
