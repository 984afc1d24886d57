/** How often the owner is looked for. */
const pollMs = 1000;

/** Calls back once when a process has ended. Holds nothing up. */
export const stopWithout = (pid: number, onGone: () => void): void => {
	const timer = setInterval(() => {
		if (isThere(pid)) return;
		clearInterval(timer);
		onGone();
	}, pollMs);
	timer.unref();
};

const isThere = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// Somebody else's process is a process.
		return (error as NodeJS.ErrnoException).code === 'EPERM';
	}
};
