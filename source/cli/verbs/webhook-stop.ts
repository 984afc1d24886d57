import {connect} from '../../client/connect.ts';
import {originOf} from '../../origin.ts';
import {exitCodes} from '../exit-codes.ts';
import type {Verb} from '../verb.ts';

/** Nothing is listened for any more; runs that were started go on. */
export const stopWebhooks: Verb<Record<never, never>> = async ({output}) => {
	const listener = await (await connect()).stopWebhooks({origin: originOf('command')});
	if (output.isJson) await output.document(listener);
	else await output.print('Nothing listens for webhooks.');
	return exitCodes.done;
};
