import type {DeliveryView} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {deliveryGlyph, deliveryReason, deliverySource, deliveryState} from '../delivery-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

const statuses = ['queued', 'delivered', 'dead'] as const;

/** The newest outgoing webhooks, and how many there are. */
export const listDeliveries: Verb<typeof tables.webhookDeliveries> = async ({options, output}) => {
	const {workflow, run} = options;
	const page = await (await connect()).deliveries({status: statusOf(options.status), workflow, run});
	if (output.isJson) {
		await output.document(page);
		return exitCodes.done;
	}

	const {queued, delivered, dead} = page.counts;
	await output.print(`${queued} queued, ${delivered} delivered, ${dead} dead`);
	await printDeliveries(page.deliveries, output);
	return exitCodes.done;
};

export const printDeliveries = async (deliveries: readonly DeliveryView[], output: Output): Promise<void> => {
	const {tableOf} = await import('../table.ts');
	const rows = deliveries.map(delivery => [
		...[deliveryGlyph(delivery, output.paint), delivery.id, delivery.to, deliverySource(delivery)],
		deliveryState(delivery),
	]);
	for (const [index, line] of tableOf(rows).entries()) {
		await output.print(line);
		const reason = deliveryReason(deliveries[index]!);
		if (reason !== '') await output.print(output.paint.dim(`  ${reason}`));
	}
};

const statusOf = (text: string | undefined) => {
	const status = statuses.find(each => each === text);
	if (text === undefined || status !== undefined) return status;
	throw usageInvalid(`"${text}" is no status of a webhook.`, `It is one of ${statuses.join(', ')}.`);
};
