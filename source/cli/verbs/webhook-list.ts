import type {WebhookView} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';
import {countWords, listenerWords} from '../webhook-words.ts';

/** All webhooks of armed workspaces, those that nothing reaches with the reason. */
export const listWebhooks: Verb<Record<never, never>> = async ({output}) => {
	const view = await (await connect()).webhooks();
	if (output.isJson) {
		await output.document(view);
		return exitCodes.done;
	}

	const {listener, webhooks} = view;
	await output.print(`listener  ${listenerWords(listener)}`);
	if (webhooks.length === 0) await output.print('No workflow of an armed workspace has a webhook.');
	const {tableOf} = await import('../table.ts');
	const rows = webhooks.map(webhook => rowOf(webhook, output));
	for (const [index, line] of tableOf(rows).entries()) {
		await output.print(line);
		const {detail} = webhooks[index]!;
		if (detail !== null) await output.print(output.paint.yellow(`  ${detail}`));
	}

	if (listener.address === null && webhooks.length > 0)
		output.note('Nothing listens: turn it on with `aiworkflow webhook start`.');
	return exitCodes.done;
};

const rowOf = (webhook: WebhookView, {paint}: Output): string[] => {
	const {state, path, workflow, style, secret} = webhook;
	const marks = {ready: paint.green('✓'), conflict: paint.red('✗'), 'no-secret': paint.yellow('!')};
	const guard = secret === null ? 'this machine only' : `${style}, ${secret}`;
	return [marks[state], path, workflow, guard, countWords(webhook)];
};
