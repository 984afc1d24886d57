import {formatDuration} from '../units.ts';
import type {Trigger} from './triggers.ts';

/** @returns The settings of a trigger on one line: `0 9 * * 1-5 in Europe/Berlin`, `deploy.done`. */
export const triggerWordsOf = (trigger: Trigger): string => {
	switch (trigger.kind) {
		case 'schedule':
			return words(
				trigger.timezone === undefined ? trigger.cron : `${trigger.cron} in ${trigger.timezone}`,
				overlapWords(trigger.overlap, 'skip'),
				trigger.catchUp === 'one' ? '' : `catch-up: ${trigger.catchUp}`,
			);
		case 'webhook':
			return words(
				`${trigger.methods.join(', ')} ${trigger.path}`,
				trigger.secretName === undefined ? 'not signed' : `signed (${trigger.style})`,
				trigger.respond === 'wait' ? 'answers when the run has ended' : '',
			);
		case 'files':
			return words(
				trigger.paths.join(', '),
				trigger.events.join(', '),
				trigger.batch === 'each' ? 'a run for each' : `one run for all within ${formatDuration(trigger.debounceMs)}`,
				overlapWords(trigger.overlap, 'queue'),
			);
		case 'queue':
			return words(`${trigger.name} (${trigger.backend})`, `${trigger.concurrency} at once`);
		case 'event':
			return trigger.name;
		case 'run':
			return `${trigger.workflow} ${trigger.statuses.join(' or ')}`;
	}
};

const words = (...parts: readonly string[]): string => parts.filter(Boolean).join('; ');

const overlapWords = (overlap: string, byDefault: string): string =>
	overlap === byDefault ? '' : `overlap: ${overlap}`;
