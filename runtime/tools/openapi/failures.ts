import {AiworkflowError} from '../../../source/errors.ts';
import {asUnsent} from '../failures.ts';

// What can go wrong with a tool that an OpenAPI document describes. Messages are made of texts without secrets.

export const documentInvalid = (document: string, problem: string, suggestion?: string, cause?: unknown) =>
	asUnsent(
		new AiworkflowError({
			code: 'tool.answer-invalid',
			message: `The OpenAPI document ${document} cannot be used: ${problem}`,
			suggestion: suggestion ?? 'Correct the document, or ask whoever publishes it to.',
			cause,
		}),
	);

export const documentTooLarge = (document: string, limit: string, suggestion?: string) =>
	new AiworkflowError({
		code: 'tool.answer-too-large',
		message: `The OpenAPI document ${document} is larger than a tool can have: ${limit}.`,
		suggestion: suggestion ?? 'Keep a copy of it that has only the operations you need.',
	});

export const documentUnreachable = (
	document: string,
	reason: string,
	suggestion: string,
	{isRetryable = false, cause}: {readonly isRetryable?: boolean; readonly cause?: unknown} = {},
) =>
	new AiworkflowError({
		code: 'tool.unreachable',
		message: `The OpenAPI document ${document} cannot be read: ${reason}.`,
		suggestion,
		retryable: isRetryable,
		cause,
	});

export const argumentsInvalid = (operation: string, problem: string, suggestion?: string) =>
	asUnsent(
		new AiworkflowError({
			code: 'tool.arguments-invalid',
			message: `The arguments of "${operation}" do not fit: ${problem}.`,
			suggestion: suggestion ?? 'See `aiworkflow tools info` for what it takes.',
		}),
	);

/** Known before anything was sent to the server. */
export const unauthenticated = (message: string, suggestion: string) =>
	asUnsent(new AiworkflowError({code: 'tool.unauthenticated', message, suggestion}));

export const answerInvalid = (message: string, suggestion: string, cause?: unknown) =>
	new AiworkflowError({code: 'tool.answer-invalid', message, suggestion, cause});

export const answerTooLarge = (message: string, suggestion: string) =>
	new AiworkflowError({code: 'tool.answer-too-large', message, suggestion});

export const unreachable = (message: string, cause?: unknown) =>
	new AiworkflowError({
		code: 'tool.unreachable',
		message,
		suggestion:
			'Look whether the server runs and whether its address is right; `server:` of the tool sets another one.',
		retryable: true,
		cause,
	});

/** @returns The expected failure among the causes of an error, however a library has wrapped it. */
export const expectedAmong = (error: unknown): AiworkflowError | undefined => {
	for (let each = error; each instanceof Error; each = each.cause) if (each instanceof AiworkflowError) return each;
	return undefined;
};
