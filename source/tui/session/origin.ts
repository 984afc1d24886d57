import {hostname, userInfo} from 'node:os';
import type {Origin} from '../../run/events.ts';

/** Who answers: goes into the journal with every decision. */
export const cockpitOrigin = (): Origin => ({by: userName(), via: 'cockpit', pid: process.pid, host: hostname()});

const userName = (): string => {
	try {
		return userInfo().username;
	} catch {
		// A container may run under a user id that has no name.
		return process.env.USER || `uid ${process.getuid?.() ?? 'unknown'}`;
	}
};
