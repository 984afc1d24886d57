import {AiworkflowError, failureOf} from '../../source/errors.ts';
import {answerFor, promptSha256} from '../../source/recording.ts';
import type {AgentAdapter, AgentEvent, AgentRequest} from './adapter.ts';
import {applyPatch} from './replay/patch.ts';
import {loadRecording} from './replay/recording.ts';
import type {AgentSpec} from './spec.ts';

/**
 * Answers from a recording beside the workflow: no key, no network, no model. It always says that it is a replay.
 * Its cost is known to be 0, for nothing was spent, and it reports no tokens; what the original used stays in the file.
 */
export const createReplayAdapter = (spec: AgentSpec): AgentAdapter => ({
	id: spec.id,
	capabilities: {
		approvals: 'none',
		resume: 'none',
		readOnly: true,
		deltas: false,
		turns: false,
		cost: 'reported',
		tools: 'unneeded',
		isReplay: true,
	},
	health: () =>
		Promise.resolve({
			id: spec.id,
			adapter: spec.adapter,
			command: null,
			isHealthy: true,
			version: null,
			detail: 'Answers from recordings beside the workflow.',
		}),
	async *run(request, signal): AsyncGenerator<AgentEvent> {
		try {
			yield* replay(request);
			yield signal.aborted ? {t: 'end', outcome: 'cancelled'} : {t: 'end', outcome: 'ok'};
		} catch (error) {
			yield {t: 'end', outcome: 'failed', failure: failureOf(error)};
		}
	},
});

async function* replay(request: AgentRequest): AsyncGenerator<AgentEvent> {
	const {file, answers} = await loadRecording(request.bundleFolder, request.workflow);
	const ofAgents = answers.filter(({kind}) => kind === undefined);
	const answer = answerFor(ofAgents, request);
	if (!answer) throw answerMissing(file, request);
	yield {t: 'session', id: 'replay', model: answer.model};
	const {promptSha256: recordedSha256} = answer;
	const drift = {recordedSha256: recordedSha256 ?? '', promptSha256: promptSha256(request.prompt)};
	if (recordedSha256 !== undefined && recordedSha256 !== drift.promptSha256) {
		const message = `Step "${request.stepId}" was answered from a recording made for another prompt.`;
		yield {t: 'warning', message, drift};
	}

	if (answer.patch !== undefined && !(await applyPatch(request.workspace, answer.patch)))
		yield {t: 'warning', message: 'The files already had the changes of the recording.'};
	yield {t: 'text', delta: answer.text};
	if (answer.outputs) yield {t: 'outputs', outputs: answer.outputs};
	yield {t: 'usage', tokens: null, costMicroUsd: 0, costSource: 'none', model: answer.model};
}

const answerMissing = (file: string, {stepId, item, prompt}: AgentRequest) =>
	new AiworkflowError({
		code: 'replay.missing',
		message: `The recording ${file} has no answer for step "${stepId}"${item === undefined ? '' : ` (item ${item})`}.`,
		suggestion: `Add one: \`- {step: ${stepId}, promptSha256: ${promptSha256(prompt)}, text: "…"}\`, or name another agent with \`--agent\`.`,
	});
