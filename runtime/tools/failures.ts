import {AiworkflowError, type Failure} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import {formatDuration, formatSize} from '../../source/units.ts';
import {didYouMean} from '../../source/workflow/text/nearest.ts';

/** Failures after which it is certain that the tool was not asked to do anything. */
const unsent = new WeakSet<Error>();

/** Says of a failure that nothing was sent, so that somebody else may be asked. */
export const asUnsent = (error: AiworkflowError): AiworkflowError => {
	unsent.add(error);
	return error;
};

export const isUnsent = (error: unknown): boolean => {
	for (let each = error; each instanceof Error; each = each.cause)
		if (unsent.has(each) || nobodyThere.has((each as NodeJS.ErrnoException).code ?? '')) return true;
	return false;
};

/** There was nobody to send anything to. */
const nobodyThere: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH']);

/** What the program said last, as a sentence to append. */
const saying = (lastWords: string): string => {
	const words = lastWords.trim().replaceAll(/\s+/g, ' ').slice(-300);
	return words === '' ? '' : ` It said last: ${words}`;
};

export const toolUnreachable = (tool: string, what: string, lastWords = '', cause?: unknown) =>
	new AiworkflowError({
		code: 'tool.unreachable',
		message: `The tool ${tool} ${what}.${saying(lastWords)}`,
		suggestion: `Look at it with \`aiworkflow tools info ${tool.split('/')[0]}\`.`,
		retryable: true,
		cause,
	});

export const toolTimedOut = (tool: string, ms: number, lastWords = '') =>
	toolUnreachable(tool, `did not answer within ${formatDuration(ms)}`, lastWords);

export const toolAnswerInvalid = (tool: string, what: string, lastWords = '', cause?: unknown) =>
	new AiworkflowError({
		code: 'tool.answer-invalid',
		message: `The tool ${tool} ${what}.${saying(lastWords)}`,
		suggestion: 'Mend the tool, or name another implementation of it.',
		cause,
	});

export const toolAnswerTooLarge = (tool: string) =>
	new AiworkflowError({
		code: 'tool.answer-too-large',
		message: `The tool ${tool} answered with more than ${formatSize(limits.toolAnswerBytesMax)}.`,
		suggestion: 'Ask for less: most tools take a filter or a page size.',
	});

export const toolFailed = (tool: string, operation: string, words: string) =>
	new AiworkflowError({
		code: 'tool.failed',
		message: `${tool}.${operation} failed: ${words.trim().slice(0, limits.toolLastWordsCharacters) || 'it does not say why'}`,
		suggestion: 'See what it was given with `aiworkflow runs show`, or call it with `aiworkflow tools call`.',
	});

export const toolUnauthenticated = (tool: string, detail: string) =>
	new AiworkflowError({
		code: 'tool.unauthenticated',
		message: `The tool ${tool} does not know who asks: ${detail}.`,
		suggestion: 'Set the secret that its file names in the environment that you start the run from.',
	});

export const toolRateLimited = (tool: string, detail: string, resetAtMs?: number) =>
	new AiworkflowError({
		code: 'tool.rate-limited',
		message: `The tool ${tool} takes no more calls for now: ${detail}.`,
		suggestion: 'Wait, or give the step a `retry:`.',
		retryable: true,
		resetAtMs,
	});

export const operationUnknown = (tool: string, operation: string, known: readonly string[]) =>
	asUnsent(
		new AiworkflowError({
			code: 'tool.operation-unknown',
			message: operation
				? `The tool ${tool} has no operation "${operation}".`
				: `The tool ${tool} has ${known.length} operations, so one must be named.`,
			suggestion: didYouMean(operation, known, `List them with \`aiworkflow tools info ${tool}\`.`),
		}),
	);

export const argumentsInvalid = (tool: string, operation: string, problems: readonly string[], suggestion: string) =>
	asUnsent(
		new AiworkflowError({
			code: 'tool.arguments-invalid',
			message: `${tool}.${operation} cannot be called so: ${problems.join('; ')}.`,
			suggestion,
		}),
	);

/** Of what a step of a tainted run asks for. */
export const toolDenied = (tool: string, operation: string) =>
	asUnsent(
		new AiworkflowError({
			code: 'tool.denied',
			message: `${tool}.${operation} may change something, and a run that strangers had a hand in asks for it from inside a step.`,
			suggestion: 'Call it in a `tool:` step of the workflow, where a person wrote down what it is given.',
		}),
	);

export const toolUnknown = (name: string, known: readonly string[]) =>
	new AiworkflowError({
		code: 'tool.unknown',
		message: `There is no tool "${name}".`,
		suggestion: didYouMean(name, known, 'Describe it in `.aiworkflow/tools/`; docs/tools.md says how.'),
	});

export const toolUnsuitable = (name: string, agent: string | undefined) =>
	new AiworkflowError({
		code: 'tool.unsuitable',
		message: `No implementation of the tool ${name} is for ${agent ? `the agent ${agent}` : 'steps without an agent'}.`,
		suggestion: 'Look at `for:` in the file of the tool.',
	});

/** @param untilMs Unix milliseconds. */
export const toolResting = (name: string, reason: Failure['code'] | undefined, untilMs: number | undefined) =>
	new AiworkflowError({
		code: 'tool.circuit-open',
		message: `The tool ${name} failed too often in a row${reason ? ` (${reason})` : ''} and is given a rest${
			untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString()}`
		}.`,
		suggestion: 'See `aiworkflow tools list` for when it is tried again.',
		retryable: true,
		resetAtMs: untilMs,
	});
