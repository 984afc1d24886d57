import {existsSync} from 'node:fs';
import process from 'node:process';

/** Holds the agent's process group while a file is there: a person decides about its budget, and nothing is spent meanwhile. */
export interface Hold {
	/** Lets the agent go on, and holds it no more. */
	release(): void;
	stop(): void;
}

export interface HoldOptions {
	readonly file: string;
	/** The leader of the agent's process group; `undefined`: none has started, or it has none. */
	readonly pid: () => number | undefined;
	readonly onChange: (isHeld: boolean) => void;
}

const lookMs = 200;

export const watchHold = ({file, pid, onChange}: HoldOptions): Hold => {
	let isHeld = false;
	let isReleased = false;
	const set = (isWanted: boolean) => {
		const group = pid();
		if (isWanted === isHeld || group === undefined) return;
		if (!signal(group, isWanted ? 'SIGSTOP' : 'SIGCONT')) return;
		isHeld = isWanted;
		onChange(isHeld);
	};

	const timer = setInterval(() => set(!isReleased && existsSync(file)), lookMs);
	return {
		release() {
			isReleased = true;
			set(false);
		},
		stop() {
			clearInterval(timer);
			set(false);
		},
	};
};

const signal = (group: number, name: 'SIGSTOP' | 'SIGCONT'): boolean => {
	try {
		process.kill(-group, name);
		return true;
	} catch {
		return false;
	}
};
