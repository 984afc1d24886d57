import {connect} from '../../client/connect.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

/** Done as well where one runs already. */
export const startDaemon: Verb<Record<never, never>> = async ({output}) => {
	const client = await connect();
	const health = await client.health();
	if (output.isJson) await output.document({running: true, ...health});
	else await output.print(`The daemon runs: pid ${health.pid}, socket ${health.socket}`);
	return exitCodes.done;
};
