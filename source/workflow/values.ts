import {isDeepStrictEqual} from 'node:util';
import type {InputType} from './definition.ts';

export const inputTypes: readonly InputType[] = ['string', 'number', 'integer', 'boolean', 'array', 'object'];

export const hasType = (value: unknown, type: InputType): boolean => {
	switch (type) {
		case 'array':
			return Array.isArray(value);
		case 'object':
			return typeof value === 'object' && value !== null && !Array.isArray(value);
		case 'integer':
			return Number.isSafeInteger(value);
		case 'number':
			return typeof value === 'number' && Number.isFinite(value);
		default:
			return typeof value === type;
	}
};

/** @returns The text as a value of the type, or `undefined` where it is none. */
export const valueFromText = (text: string, type: InputType): unknown => {
	switch (type) {
		case 'string':
			return text;
		case 'boolean':
			return Object.hasOwn(booleans, text.trim()) ? booleans[text.trim()] : undefined;
		case 'number':
		case 'integer': {
			const value = numberPattern.test(text.trim()) ? Number(text) : undefined;
			return hasType(value, type) ? value : undefined;
		}

		default: {
			const value = parsedJson(text);
			return hasType(value, type) ? value : undefined;
		}
	}
};

export const isOneOf = (value: unknown, allowed: readonly unknown[]): boolean =>
	allowed.some(candidate => isDeepStrictEqual(candidate, value));

/** @throws SyntaxError where the text is not a regular expression. */
export const wholePatternOf = (pattern: string): RegExp => {
	try {
		return new RegExp(`^(?:${pattern})$`, 'u');
	} catch {
		return new RegExp(`^(?:${pattern})$`);
	}
};

/** @returns A value as one would type it. */
export const printed = (value: unknown): string => {
	const text = typeof value === 'string' ? `"${value}"` : (JSON.stringify(value) ?? 'nothing');
	return text.length <= 80 ? text : `${text.slice(0, 79)}…`;
};

/** @returns `an integer`. */
export const typeNounOf = (type: InputType): string => nouns[type];

const nouns: Readonly<Record<InputType, string>> = {
	string: 'text',
	number: 'a number',
	integer: 'an integer',
	boolean: 'true or false',
	array: 'a list (JSON)',
	object: 'an object (JSON)',
};

const booleans: Readonly<Record<string, boolean | undefined>> = {true: true, false: false};

const numberPattern = /^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$/i;

const parsedJson = (text: string): unknown => {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
};
