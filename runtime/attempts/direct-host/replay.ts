import {AiworkflowError} from '../../../source/errors.ts';
import {answerFor} from '../../../source/recording.ts';
import type {ReplayWork} from '../../../source/workflow/direct-work.ts';
import {loadRecording} from '../../agents/replay/recording.ts';
import type {DirectHandler} from './handle.ts';

/** Answers from the recording beside the workflow: nothing is called. */
export const handleReplay: DirectHandler<ReplayWork> = async (work, place) => {
	const {file, answers} = await loadRecording(place.bundleFolder, place.workflow);
	const answer = answerFor(
		answers.filter(({kind}) => kind === work.of),
		place,
	);
	if (!answer) throw answerMissing(file, work, place);
	const {text, outputs = {}, promptSha256} = answer;
	const hasDrifted = promptSha256 !== undefined && promptSha256 !== work.argumentsSha256;
	const drift = hasDrifted ? {recordedSha256: promptSha256, promptSha256: work.argumentsSha256} : undefined;
	return {outputs, text, isReplay: true, ...(drift && {drift})};
};

const answerMissing = (
	file: string,
	{of}: ReplayWork,
	{stepId, item}: {readonly stepId: string; readonly item?: number},
) =>
	new AiworkflowError({
		code: 'replay.missing',
		message: `The recording ${file} has no answer for the ${of} step "${stepId}"${item === undefined ? '' : ` (item ${item})`}.`,
		suggestion: `Add one: \`- {step: ${stepId}, kind: ${of}, outputs: {…}, text: "…"}\`, or run it for real with \`--record\`.`,
	});
