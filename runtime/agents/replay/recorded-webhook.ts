import {failureOf} from '../../../source/errors.ts';
import {answerFor, type RecordedAnswer} from '../../../source/recording.ts';
import type {AttemptContext} from '../../engine/parts.ts';
import {loadRecording} from './recording.ts';

/**
 * What the recording beside a workflow has for a `webhook:` step; `undefined`: nothing, which is enough for what sends nothing.
 *
 * @throws AiworkflowError `replay.invalid`.
 */
export const recordedWebhook = async ({
	bundleFolder,
	definition,
	...place
}: AttemptContext): Promise<RecordedAnswer | undefined> => {
	try {
		const {answers} = await loadRecording(bundleFolder, definition.name);
		return answerFor(
			answers.filter(({kind}) => kind === 'webhook'),
			place,
		);
	} catch (error) {
		if (failureOf(error).code === 'replay.missing') return undefined;
		throw error;
	}
};
