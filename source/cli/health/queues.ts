import type {QueueView} from '../../client/client.ts';
import type {Check, Finding} from './finding.ts';

/** Whether the servers of queues answer, and what was given up. */
export const checkQueues: Check = {
	name: 'queues',
	look: async ({client}) => {
		const {queues} = await (await client()).queues();
		if (queues.length === 0) return [{name: 'queues', status: 'ok', detail: 'none is consumed'}];
		return queues.map(findingOfQueue);
	},
};

export const findingOfQueue = ({queue, backend, problem, consumers, dead, isPaused}: QueueView): Finding => {
	const name = `queue ${queue}`;
	const trouble = problem ?? consumers.find(({connection}) => connection === 'waiting')?.detail ?? null;
	if (trouble !== null) {
		const fix = `Start the server of ${backend}, or mend its address: the secret under \`url:\` of the trigger. It is tried again by itself.`;
		return {name, status: 'warn', detail: trouble, fix};
	}

	if (dead !== null && dead > 0) {
		const fix = `See why with \`aiworkflow queue dead list ${queue}\`.`;
		return {name, status: 'warn', detail: `${dead === 1 ? 'one message was' : `${dead} messages were`} given up`, fix};
	}

	return {name, status: 'ok', detail: isPaused ? `${backend}, paused by a person` : backend};
};
