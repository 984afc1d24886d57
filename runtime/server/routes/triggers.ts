import type {z} from 'zod';
import {emitRequest, triggersQuery} from '../../../source/api/contract.ts';
import type {EmittedEvent, TriggersPage} from '../../../source/api/messages.ts';
import {triggerViewOf} from '../../triggers/views.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

/** What starts runs by itself, and events that do. */
export const registerTriggers = (server: Server, {emit, triggers}: DaemonParts): void => {
	const {arming, desk, firings} = triggers;
	server.get(
		'/triggers',
		{
			schema: {
				tags: ['triggers'],
				summary: 'Armed triggers, and what keeps some from firing',
				querystring: triggersQuery,
			},
		},
		async (request): Promise<TriggersPage> => {
			const {workspace: only} = request.query as z.output<typeof triggersQuery>;
			const isAsked = ({workspace}: {readonly workspace: string}) => only === undefined || workspace === only;
			return {
				workspaces: arming.workspaces().filter(isAsked),
				triggers: arming
					.all()
					.filter(isAsked)
					.map(armed => triggerViewOf(armed, {desk, firings})),
			};
		},
	);
	server.post(
		'/events/emit',
		{schema: {tags: ['triggers'], summary: 'Say that something happened; durable when answered', body: emitRequest}},
		async (request): Promise<EmittedEvent> => {
			const asked = request.body as z.output<typeof emitRequest>;
			const {name, workspace} = asked;
			const {id, taint, heard} = await emit({...asked, inside: attemptOfCaller(request)});
			return {
				...{id, name, workspace, taint: taint ?? null},
				runs: heard.map(({runId, isKnown, armed: {workflow, file, trigger}}) => ({
					...{runId, workflow, file, trigger: trigger.id, isKnown},
				})),
				waitsForTrust: arming.untrusted().includes(workspace),
			};
		},
	);
};
