import type {z} from 'zod';
import {serveToolsRequest} from '../../../source/api/contract.ts';
import type {ServedTools} from '../../../source/api/messages.ts';
import {AiworkflowError} from '../../../source/errors.ts';
import {mergedTools, parseGivenTool} from '../../../source/workflow/given-tools.ts';
import {runEnvironmentOf, secretsOf} from '../../security/environment.ts';
import {bridgedToolOf} from '../../tools/for-attempt.ts';
import {attemptOfCaller} from '../caller.ts';
import type {DaemonParts, Server} from '../daemon-parts.ts';

export const registerToolServing = (server: Server, {tools}: DaemonParts): void => {
	server.post(
		'/tools/serve',
		{
			schema: {
				tags: ['tools'],
				summary: 'What a server of MCP needs to know of tools, with the secrets they read; opens none of them',
				body: serveToolsRequest,
			},
		},
		async (request): Promise<ServedTools> => {
			if (attemptOfCaller(request) !== undefined) throw deniedInside();
			const {workspace, bundle, tools: names, environment} = request.body as z.output<typeof serveToolsRequest>;
			const scope = {workspace, bundleFolder: bundle};
			const wanted = names?.length ? names.map(named) : (await usableOf(tools, scope)).map(tool => ({tool}));
			const bridged = await Promise.all(
				mergedTools(wanted).map(given =>
					bridgedToolOf(tools, scope, given, {
						environmentOf: needed => runEnvironmentOf(environment, needed),
						secretsOf: needed => secretsOf(environment, needed),
					}),
				),
			);
			return {version: 1, tools: bridged, workspace, cwd: workspace};
		},
	);
};

const usableOf = async (tools: DaemonParts['tools'], scope: Parameters<DaemonParts['tools']['list']>[0]) => {
	const all = await tools.list(scope);
	return all.filter(({definition, isTrusted}) => definition && isTrusted).map(({name}) => name);
};

const named = (text: string) => {
	const name = parseGivenTool(text);
	if (name) return name;
	throw new AiworkflowError({
		code: 'tool.unknown',
		message: `"${text}" cannot be the name of a tool.`,
		suggestion: 'Write the name of a tool, or of one operation: `--tool files.read`.',
	});
};

const deniedInside = () =>
	new AiworkflowError({
		code: 'tools.denied',
		message: 'A step of a run may not serve tools.',
		suggestion: 'Give an agent tools with `tools:` in the workflow.',
	});
