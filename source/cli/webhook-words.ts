import type {WebhookListenerView, WebhookView} from '../client/client.ts';

/** Where it listens, and what follows from that. */
export const listenerWords = ({address, isListening, isOpenToOthers, failure}: WebhookListenerView): string => {
	if (!address) return 'off';
	const place = `${address.host}, port ${address.port}`;
	if (!isListening) return `cannot listen on ${place}: ${failure ?? 'not yet'}`;
	return `listens on ${place}${isOpenToOthers ? ', for other machines as well' : ''}`;
};

/** What came in since the daemon began. */
export const countWords = ({accepted, duplicates, refused}: WebhookView): string => {
	const refusals = Object.entries(refused).map(([reason, count]) => `${count} ${reason}`);
	return [
		`${accepted} taken`,
		...(duplicates > 0 ? [`${duplicates} of them known`] : []),
		...(refusals.length > 0 ? [`refused: ${refusals.join(', ')}`] : []),
	].join(', ');
};
