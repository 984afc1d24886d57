import {listenerWords} from '../webhook-words.ts';
import type {Check, Finding} from './finding.ts';

const name = 'webhooks';

/** Whether anything listens for those that are armed. */
export const checkWebhooks: Check = {
	name,
	look: async ({client}) => {
		const connected = await client();
		const {listener, webhooks} = await connected.webhooks();
		const given = givenUp((await connected.deliveries({status: 'dead'})).counts.dead);
		if (listener.address === null && webhooks.length === 0) return [{name, status: 'ok', detail: 'off'}, ...given];
		const ready = webhooks.filter(({state}) => state === 'ready').length;
		const detail = `${listenerWords(listener)}; ${ready} of ${webhooks.length} ready`;
		const isMissed = listener.address === null ? ready > 0 : !listener.isListening;
		const first: Finding = isMissed
			? {name, status: 'warn', detail, fix: 'Turn the listener on with `aiworkflow webhook start`.'}
			: {name, status: 'ok', detail};
		const troubles = webhooks.flatMap(({detail: trouble, path: asked, file}): Finding[] =>
			trouble === null ? [] : [{name: `webhook ${asked}`, status: 'warn', detail: file, fix: trouble}],
		);
		return [first, ...troubles, ...given];
	},
};

/** Those to others. */
const givenUp = (dead: number): Finding[] => {
	const fix = 'See why with `aiworkflow webhook dead list`.';
	return dead === 0 ? [] : [{name: 'webhooks to others', status: 'warn', detail: `${dead} given up`, fix}];
};
