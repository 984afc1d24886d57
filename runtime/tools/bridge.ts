import {readFileSync, realpathSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import type {BridgeRequest} from '../attempts/tool-bridge.ts';
import {connectLeave, freeLeave} from './bridge/leave.ts';
import {createOffer} from './bridge/offer.ts';
import {runOnce} from './bridge/once.ts';
import {serveOverStdio} from './bridge/server.ts';

/**
 * A process of its own, between an agent and the tools it is given: `bridge.js FILE [SOCKET]` is a server of MCP over its
 * standard streams, `bridge.js FILE SOCKET list` and `… call <tool>.<operation> <arguments>` answer once, as JSON.
 * tool-bridge.ts of the attempts says what is in FILE and who listens at SOCKET; `-` instead of it: nobody is asked.
 */
export const main = async ([file, address = '-', ...words]: readonly string[]): Promise<number> => {
	const request = JSON.parse(readFileSync(file!, 'utf8')) as BridgeRequest;
	const leave = address === '-' ? freeLeave : connectLeave(address);
	const offer = createOffer(request, leave);
	try {
		if (words.length > 0) return await runOnce(offer, words);
		await serveOverStdio(offer);
		return 0;
	} finally {
		await offer.close();
		leave.close();
	}
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	// What a tool left open must not keep the bridge alive.
	process.exit(await main(process.argv.slice(2)));
}
