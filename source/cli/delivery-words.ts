import type {DeliveryView} from '../client/client.ts';
import {oneLine} from './clean.ts';
import type {Paint} from './colour.ts';

/** `deploy/notify[3]`, `deploy, run.failed` */
export const deliverySource = ({workflow, step, item, cause}: DeliveryView): string =>
	step === null
		? `${workflow}, ${cause ?? 'a notification'}`
		: `${workflow}/${step}${item === null ? '' : `[${item}]`}`;

export const deliveryGlyph = ({status}: DeliveryView, paint: Paint): string =>
	({queued: paint.yellow('◷'), delivered: paint.green('✓'), dead: paint.red('✗')})[status];

/** How far it is: `try 3 of 12 at 14:02:11`, `delivered, 200`. */
export const deliveryState = ({status, tries, triesMax, nextAt, httpStatus, settledAt}: DeliveryView): string => {
	const answer = httpStatus === null ? '' : `, ${httpStatus}`;
	if (status === 'queued') return `try ${tries + 1} of ${triesMax} at ${nextAt}`;
	const count = tries === 1 ? '1 try' : `${tries} tries`;
	return `${status} after ${count}${answer}, ${settledAt}`;
};

export const deliveryReason = ({failure}: DeliveryView): string => (failure ? oneLine(failure.message, 300) : '');
