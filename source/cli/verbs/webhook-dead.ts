import {connect} from '../../client/connect.ts';
import {usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import {oneLine} from '../clean.ts';
import {deliveryReason, deliverySource, deliveryState} from '../delivery-words.ts';
import {exitCodes} from '../exit-codes.ts';
import type {options as tables} from '../options.ts';
import type {Verb} from '../verb.ts';
import {printDeliveries} from './webhook-deliveries.ts';

/** Outgoing webhooks that were given up. */
export const listDeadWebhooks: Verb<typeof tables.webhookDeadList> = async ({options: {workflow}, output}) => {
	const {deliveries} = await (await connect()).deliveries({status: 'dead', workflow});
	if (output.isJson) {
		await output.document({deliveries});
		return exitCodes.done;
	}

	if (deliveries.length === 0) output.note('No outgoing webhook is a dead letter.');
	await printDeliveries(deliveries, output);
	return exitCodes.done;
};

/** One of them, with what was to be sent. */
export const showDeadWebhook: Verb<typeof tables.none> = async ({args, output}) => {
	const delivery = await (await connect()).delivery(args[0]!);
	if (output.isJson) {
		await output.document(delivery);
		return exitCodes.done;
	}

	const {id, to, runId, failure, request} = delivery;
	await output.print(`${id}  to ${to}`);
	await output.print(`from      ${deliverySource(delivery)}, run ${runId}`);
	await output.print(`state     ${deliveryState(delivery)}`);
	if (failure) await output.print(`why       ${deliveryReason(delivery)}`);
	if (failure?.suggestion) await output.print(`do        ${oneLine(failure.suggestion, 300)}`);
	if (!request) return exitCodes.done;
	await output.print(`request   ${request.method} ${oneLine(request.url, 500)}`);
	for (const [name, value] of Object.entries(request.headers))
		await output.print(`          ${name}: ${oneLine(value, 500)}`);
	if (request.secret !== null) await output.print(`signed    with secrets.${request.secret}`);
	await output.print(oneLine(request.body, 2000));
	return exitCodes.done;
};

/** Sends dead letters again, under the same ids. */
export const replayDeadWebhooks: Verb<typeof tables.webhookDeadReplay> = async ({args, options, output}) => {
	const request = {...wantedOf(args[0], options), origin: originOf('command')};
	const {ids} = await (await connect()).replayDeliveries(request);
	if (output.isJson) await output.document({ids});
	else await output.print(`${output.paint.green('✓')} ${letters(ids.length)} to be sent again.`);
	return exitCodes.done;
};

export const purgeDeadWebhooks: Verb<typeof tables.webhookDeadPurge> = async ({args, options, output}) => {
	const wanted = wantedOf(args[0], options);
	if (!options.yes) {
		if (!output.isInteractive)
			throw usageInvalid('Removing dead letters cannot be undone.', 'Say --yes if that is what you want.');
		const {confirm} = await import('../prompt.ts');
		if (!(await confirm(`Remove ${args[0] ?? 'these dead letters'}?`))) {
			await output.print('Nothing was changed.');
			return exitCodes.done;
		}
	}

	const {ids} = await (await connect()).purgeDeliveries({...wanted, origin: originOf('command')});
	if (output.isJson) await output.document({ids});
	else await output.print(`${output.paint.green('✓')} ${letters(ids.length)} removed.`);
	return exitCodes.done;
};

const wantedOf = (id: string | undefined, {all, workflow}: {readonly all: boolean; readonly workflow?: string}) => {
	if ((id === undefined) !== all)
		throw usageInvalid('It takes the id of a dead letter, or --all.', 'List them with `webhook dead list`.');
	if (id !== undefined && workflow !== undefined)
		throw usageInvalid('One dead letter is of one workflow already.', 'Leave --workflow out, or say --all.');
	return {...(id !== undefined && {ids: [id]}), ...(workflow !== undefined && {workflow})};
};

const letters = (count: number): string => (count === 1 ? '1 dead letter is' : `${count} dead letters are`);
