import path from 'node:path';
import {connect} from '../client/connect.ts';
import {failureOf} from '../errors.ts';
import {findWorkspace} from '../workflow-files.ts';
import {isUsable, troubleOf} from './tool-words.ts';
import type {Finding} from './verbs/doctor.ts';

/** Tools of the workspace: what is wrong in their files, and those that do not work. They are asked, which changes nothing. */
export const checkTools = async (asked: string | undefined): Promise<readonly Finding[]> => {
	const name = 'tools';
	const workspace = path.resolve(asked ?? findWorkspace(process.cwd()));
	try {
		const client = await connect();
		const environment = process.env as Record<string, string>;
		const {tools} = await client.tools({workspace, check: true, environment});
		if (tools.length === 0) return [{name, status: 'ok', detail: 'none described'}];
		const bad = tools.filter(tool => !isUsable(tool));
		const good = tools.filter(isUsable).map(tool => tool.name);
		return [
			...(good.length > 0 ? [{name, status: 'ok', detail: good.join(', ')} as const] : []),
			...bad.map(({file, implementations, ...tool}): Finding => {
				const failure = implementations.flatMap(({last}) => last?.failure ?? [])[0];
				const trouble = troubleOf({...tool, file, implementations});
				return {
					name: `tool ${tool.name}`,
					status: 'warn',
					detail: trouble ?? failure?.message ?? 'is given no calls for now',
					fix: trouble ? `Look at ${file}; docs/tools.md describes it.` : failure?.suggestion,
				};
			}),
		];
	} catch (error) {
		return [{name, status: 'warn', detail: failureOf(error).message}];
	}
};
