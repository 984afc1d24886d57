import type {StatusCounts} from '../api/contract.ts';
import {readQuickly} from './quick-request.ts';

/** What a prompt or a status line shows. Starts no daemon. */
export const readStatus = async (environment: NodeJS.ProcessEnv = process.env): Promise<StatusCounts> =>
	readQuickly<StatusCounts>('/v1/status', environment);
