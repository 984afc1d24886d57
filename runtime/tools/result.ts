import type {ToolResult} from './parts.ts';

/** @returns An object as it is, anything else as `{ result: … }`. */
export const outputsOf = (value: unknown): ToolResult['outputs'] =>
	typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Record<string, unknown>)
		: {result: value ?? null};

/** @returns Text as it is, anything else as JSON. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value ?? null));
