import {hostname, userInfo} from 'node:os';
import type {Origin} from './run/events.ts';

/** Who acts, and where from: goes into the journal with every answer, cancellation and run. */
export const originOf = (via: 'command' | 'cockpit'): Origin => ({
	by: userName(),
	via,
	pid: process.pid,
	host: hostname(),
});

const userName = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A container may run under a user id that has no name.
		return process.env.USER || `uid ${process.getuid?.() ?? 'unknown'}`;
	}
};
