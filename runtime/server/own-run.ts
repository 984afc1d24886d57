import type {FastifyRequest} from 'fastify';
import {steeringDenied} from '../../source/errors.ts';
import type {RunState} from '../../source/run/state.ts';
import {attemptOfCaller} from './caller.ts';
import type {DaemonParts} from './daemon-parts.ts';

/**
 * A step must not decide about the run it is a part of: neither about that run, nor about one above or below it, whose
 * steps are as much its own.
 *
 * @param verb What it would do, for the message.
 * @throws AiworkflowError `run.denied`
 */
export const denyOwnRun = (parts: DaemonParts, request: FastifyRequest, run: RunState, verb: string): void => {
	const inside = attemptOfCaller(request);
	if (inside === undefined) return;
	const own = parts.engine.find(inside.split('/')[0]!);
	if (own && rootOf(parts, own) === rootOf(parts, run)) throw steeringDenied(verb, inside);
};

/** @returns Id of the run that a person or a trigger started. */
const rootOf = (parts: DaemonParts, run: RunState): string => {
	let current = run;
	for (let parent = current.parent; parent; parent = current.parent) {
		const found = parts.engine.find(parent.runId);
		if (!found) return parent.runId;
		current = found;
	}

	return current.id;
};
