import {readFileSync} from 'node:fs';
import {type HostRequest, hostFilesOf} from '../attempts/agent-protocol.ts';

/** @returns What the agent of an attempt was asked, its secrets in it; `undefined` where no agent was, or it is cleared away. */
export const promptIn = (attemptFolder: string): string | undefined => {
	try {
		return (JSON.parse(readFileSync(hostFilesOf(attemptFolder).request, 'utf8')) as HostRequest).prompt;
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw error;
	}
};
