import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';
import {listenerWords} from '../webhook-words.ts';

/** Holds until `webhook stop`, over restarts of the daemon. */
export const startWebhooks: Verb<typeof tables.webhookStart> = async ({options: {port, host}, output}) => {
	const request = {host, port: portOf(port), origin: originOf('command')};
	const client = await connect();
	const listener = await client.startWebhooks(request);
	if (output.isJson) {
		await output.document(listener);
		return exitCodes.done;
	}

	await output.print(`✓ ${listenerWords(listener)}`);
	if (listener.isOpenToOthers)
		output.note(
			'Everything that reaches this address can send requests, without encryption: put a proxy with TLS before it.',
		);
	const {webhooks} = await client.webhooks();
	for (const {url, workflow, state} of webhooks) if (state === 'ready') await output.print(`  ${url}  ${workflow}`);
	if (webhooks.length === 0) output.note('No workflow of an armed workspace has a webhook yet.');
	return exitCodes.done;
};

const portOf = (text: string | undefined): number | undefined => {
	if (text === undefined) return undefined;
	if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
	throw usageInvalid(`"${text}" is no port.`, 'Give a number from 0 to 65535.');
};
