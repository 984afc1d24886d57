import {AiworkflowError} from '../../source/errors.ts';
import {limits} from '../../source/limits.ts';
import type {RunState} from '../../source/run/state.ts';
import {formatSize} from '../../source/units.ts';
import type {WebhookStep} from '../../source/workflow/definition.ts';
import {evaluatedWithin, evaluateTemplate} from '../../source/workflow/expressions.ts';
import {destinationOf, type OutgoingRequest} from '../../source/workflow/outgoing.ts';
import type {Scope} from '../../source/workflow/scope.ts';
import {sealedOf} from '../../source/workflow/sealed.ts';

/**
 * What a `webhook:` step sends, evaluated but for its secrets.
 *
 * @throws AiworkflowError `expression.failed`, `webhook.invalid`, `webhook.too-large`.
 */
export const outgoingRequestOf = (run: RunState, step: WebhookStep, scope: Scope, nowMs: number): OutgoingRequest => {
	const text = (template: string) => evaluateTemplate(template, scope);
	const url = sealedOf(step.url, text);
	checkAddress(url, step.id);
	const event = step.event === undefined ? undefined : text(step.event);
	const isJson = step.body === undefined;
	const content =
		step.json === undefined ? documentOf(run, step, event, nowMs) : (evaluatedWithin(step.json, scope) ?? null);
	const body = step.body === undefined ? JSON.stringify(content) : text(step.body);
	checkSize(body, step.id);
	const headers = Object.entries(step.headers).map(([name, template]) => [name, sealedOf(template, text)] as const);
	return {
		...{url, method: step.method, body},
		headers: {
			'content-type': [isJson ? 'application/json' : 'text/plain; charset=utf-8'],
			...Object.fromEntries(headers),
		},
		...(step.secretName !== undefined && {secretName: step.secretName}),
		...(event !== undefined && {event}),
	};
};

/** What is sent where the file names no body. */
const documentOf = (run: RunState, step: WebhookStep, event: string | undefined, nowMs: number) => ({
	type: event ?? 'step.reached',
	timestamp: new Date(nowMs).toISOString(),
	data: {
		run: {id: run.id, number: run.number, workflow: run.workflow.name},
		step: {id: step.id, title: step.title},
	},
});

/** One that holds a secret is checked when it is sent. */
const checkAddress = (url: OutgoingRequest['url'], stepId: string) => {
	if (url.some(part => typeof part !== 'string')) return;
	const protocol = URL.parse(url.join(''))?.protocol;
	if (protocol === 'https:' || protocol === 'http:') return;
	throw new AiworkflowError({
		code: 'webhook.invalid',
		message: `The address of "${stepId}" (${destinationOf(url).slice(0, 100)}) is none that can be sent to.`,
		suggestion: 'Give `url:` an address that begins with `https://` or `http://`.',
	});
};

const checkSize = (body: string, stepId: string) => {
	const sizeBytes = Buffer.byteLength(body);
	if (sizeBytes <= limits.deliveryBodyBytesMax) return;
	throw new AiworkflowError({
		code: 'webhook.too-large',
		message: `The body of "${stepId}" has ${formatSize(sizeBytes)}; the limit is ${formatSize(limits.deliveryBodyBytesMax)}.`,
		suggestion: 'Send less, such as where the rest can be fetched.',
	});
};
