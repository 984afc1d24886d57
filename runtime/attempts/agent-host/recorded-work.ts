import {rmSync} from 'node:fs';
import {promptSha256} from '../../../source/recording.ts';
import {type HostRecord, type HostRequest, type HostResult, hostFilesOf} from '../agent-protocol.ts';
import {writeWhole} from '../write-whole.ts';
import {watchChanges} from './changes.ts';

/** Does the work of an attempt and keeps beside it what a recording needs. Never fails on account of the recording. */
export const recordedWork = async (
	folder: string,
	{prompt, stepPrompt = prompt, workspace}: HostRequest,
	work: () => Promise<HostResult>,
): Promise<HostResult> => {
	const files = hostFilesOf(folder);
	const fromMs = Date.now();
	try {
		const changesSince = await watchChanges(workspace, files.recordingScratch);
		const result = await work();
		// What was stopped is no answer to record.
		if (result.outcome !== 'ok') return result;
		const {patch, warnings, isKnown} = await changesSince();
		if (patch !== '') writeWhole(files.changes, patch);
		const record: HostRecord = {
			promptSha256: promptSha256(stepPrompt),
			fromMs,
			toMs: Date.now(),
			changes: isKnown ? (patch === '' ? 'none' : 'patch') : 'unknown',
			warnings,
		};
		writeWhole(files.recorded, JSON.stringify(record));
		return result;
	} finally {
		rmSync(files.recordingScratch, {recursive: true, force: true});
	}
};
