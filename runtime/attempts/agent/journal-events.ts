import {createHash} from 'node:crypto';
import type {AgentMark, NewEvent} from '../../../source/run/events.ts';
import {unitKeyOf} from '../../../source/run/state.ts';
import type {AgentAction} from '../../../source/workflow/permissions.ts';
import type {AttemptContext} from '../../engine/parts.ts';
import type {HostEvent} from '../agent-protocol.ts';
import {withRealPaths} from './real-paths.ts';

type Place = Pick<AttemptContext, 'runId' | 'stepId' | 'item' | 'attempt' | 'cwd'>;

/** The same on every reading of the same line, so that nothing is asked twice. */
export const approvalIdOf = ({runId, stepId, item, attempt}: Omit<Place, 'cwd'>, permissionId: string): string =>
	createHash('sha256')
		.update(JSON.stringify([runId, unitKeyOf(stepId, item), attempt, permissionId]))
		.digest('hex')
		.slice(0, 12);

const plainAction = ({paths, ...action}: AgentAction) => ({...action, ...(paths && {paths: [...paths]})});

/**
 * What a line of the host becomes in the journal. Pure.
 *
 * @param isSettled Whether the daemon has dealt with that permission; its closing then says nothing new.
 */
export const journalEventOf = (
	place: Place,
	agent: AgentMark,
	line: HostEvent,
	hostLine: number,
	isSettled: (permissionId: string) => boolean,
): NewEvent | undefined => {
	const {stepId, item, attempt} = place;
	switch (line.t) {
		case 'session': {
			const {sessionId, model, canResume} = line;
			return {
				type: 'agent.session-started',
				body: {stepId, item, attempt, agent: {...agent, model: model ?? agent.model}, sessionId, canResume, hostLine},
			};
		}

		case 'warning':
			return {type: 'agent.warned', body: {stepId, item, attempt, message: line.message, drift: line.drift, hostLine}};
		case 'tool-called': {
			const {tool, operation, outcome, code, durationMs} = line;
			return {
				type: 'agent.tool-called',
				body: {stepId, item, attempt, tool, operation, outcome, code, durationMs, hostLine},
			};
		}

		case 'usage': {
			const {tokens, costMicroUsd, costSource, model, provider, units} = line;
			return {
				type: 'usage.recorded',
				body: {
					stepId,
					item,
					attempt,
					agent: agent.id,
					model,
					tokens,
					costMicroUsd,
					costSource,
					provider,
					units,
					hostLine,
				},
			};
		}

		case 'permission': {
			const {id, title, preview, options, action} = line;
			const approvalId = approvalIdOf(place, id);
			return {
				type: 'approval.requested',
				body: {
					approvalId,
					stepId,
					item,
					attempt,
					kind: 'permission',
					question: `${agent.id}: ${title}`,
					preview,
					options: [...options],
					action: action && plainAction(withRealPaths(action, place.cwd)),
					hostLine,
				},
			};
		}

		case 'permission-closed':
			if (isSettled(line.id)) return undefined;
			return {
				type: 'approval.withdrawn',
				body: {approvalId: approvalIdOf(place, line.id), stepId, item, reason: 'The agent no longer waits for it.'},
			};
		default:
			return undefined;
	}
};
