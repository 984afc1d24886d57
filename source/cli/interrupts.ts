import type {EventEmitter} from 'node:events';

/** How a person leaves a run that goes on: ctrl-c once detaches, twice cancels the run; a closed terminal detaches. */
export interface Interrupts {
	/** Fires at the first ctrl-c or hang-up. */
	readonly signal: AbortSignal;
	/** Whether the terminal is gone, so that nothing can be said or asked any more. */
	readonly isHangup: () => boolean;
	/** Resolves to whether a second ctrl-c comes within the time. */
	readonly isRepeatedWithin: (timeoutMs: number) => Promise<boolean>;
	readonly dispose: () => void;
}

export const watchInterrupts = (source: EventEmitter = process): Interrupts => {
	const controller = new AbortController();
	let count = 0;
	let isHangup = false;
	let onRepeat: (() => void) | undefined;
	const interrupt = () => {
		count++;
		controller.abort();
		if (count > 1) onRepeat?.();
	};

	const hangup = () => {
		isHangup = true;
		controller.abort();
	};

	source.on('SIGINT', interrupt);
	source.on('SIGHUP', hangup);
	return {
		signal: controller.signal,
		isHangup: () => isHangup,
		isRepeatedWithin: timeoutMs =>
			new Promise(resolve => {
				if (count > 1) resolve(true);
				const timer = setTimeout(() => resolve(false), timeoutMs);
				onRepeat = () => {
					clearTimeout(timer);
					resolve(true);
				};
			}),
		dispose: () => {
			source.off('SIGINT', interrupt);
			source.off('SIGHUP', hangup);
		},
	};
};
