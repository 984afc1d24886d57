import path from 'node:path';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import {readTextFile} from '../read-text-file.ts';
import type {Verb} from '../verb.ts';

const methods = ['POST', 'PUT', 'PATCH', 'GET'] as const;

/** The daemon signs and sends: with the secret that the webhook has, through the listener that everybody goes through. */
export const testWebhook: Verb<typeof tables.webhookTest> = async ({args, options, output}) => {
	const {data, event, method, contentType} = options;
	const asked = args[0]!;
	const client = await connect();
	const result = await client.testWebhook({
		webhook: asked.endsWith('.md') ? path.resolve(asked) : asked,
		method: methodOf(method),
		body: data === undefined ? undefined : readTextFile(data),
		...{event, contentType},
	});
	const isTaken = result.status < 300;
	if (output.isJson) await output.document(result);
	else {
		const {paint} = output;
		await output.print(`→ ${result.method} ${result.url}`);
		await output.print(`${isTaken ? paint.green('✓') : paint.red('✗')} ${result.status}`);
		await output.print(typeof result.answer === 'string' ? result.answer : JSON.stringify(result.answer, null, 2));
	}

	return isTaken ? exitCodes.done : exitCodes.failed;
};

const methodOf = (text: string | undefined) => {
	const method = methods.find(each => each === text?.toUpperCase());
	if (text === undefined || method !== undefined) return method;
	throw usageInvalid(`"${text}" is no method of a webhook.`, `It is one of ${methods.join(', ')}.`);
};
