import {listenerWords} from '../webhook-words.ts';
import type {Check, Finding} from './finding.ts';

const name = 'webhooks';

/** Whether anything listens for those that are armed. */
export const checkWebhooks: Check = {
	name,
	look: async ({client}) => {
		const {listener, webhooks} = await (await client()).webhooks();
		if (listener.address === null && webhooks.length === 0) return [{name, status: 'ok', detail: 'off'}];
		const ready = webhooks.filter(({state}) => state === 'ready').length;
		const detail = `${listenerWords(listener)}; ${ready} of ${webhooks.length} ready`;
		const isMissed = listener.address === null ? ready > 0 : !listener.isListening;
		const first: Finding = isMissed
			? {name, status: 'warn', detail, fix: 'Turn the listener on with `aiworkflow webhook start`.'}
			: {name, status: 'ok', detail};
		const troubles = webhooks.flatMap(({detail: trouble, path: asked, file}): Finding[] =>
			trouble === null ? [] : [{name: `webhook ${asked}`, status: 'warn', detail: file, fix: trouble}],
		);
		return [first, ...troubles];
	},
};
