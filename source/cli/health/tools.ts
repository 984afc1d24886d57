import type {ToolView} from '../../api/messages.ts';
import {isUsable, troubleOf} from '../tool-words.ts';
import type {Check, Finding} from './finding.ts';

const name = 'tools';

/** What is wrong in the files of tools, and those that do not work: each is asked what it can do, which changes nothing. */
export const checkTools: Check = {
	name,
	look: async ({workspace, environment, client}) => {
		const asked = {workspace, check: true, environment: environment as Record<string, string>};
		const {tools} = await (await client()).tools(asked);
		if (tools.length === 0) return [{name, status: 'ok', detail: 'none described'}];
		const good = tools.filter(isUsable).map(tool => tool.name);
		const first: Finding[] = good.length > 0 ? [{name, status: 'ok', detail: good.join(', ')}] : [];
		return [...first, ...tools.filter(tool => !isUsable(tool)).map(findingOf)];
	},
};

const findingOf = (tool: ToolView): Finding => {
	const mistake = tool.problems.find(({severity}) => severity === 'error');
	if (mistake) {
		const {line, message, suggestion} = mistake;
		return {name: `tool ${tool.name}`, status: 'warn', detail: `${tool.file}:${line}: ${message}`, fix: suggestion};
	}

	const failure = tool.implementations.flatMap(({last}) => last?.failure ?? [])[0];
	const trouble = troubleOf(tool);
	return {
		name: `tool ${tool.name}`,
		status: 'warn',
		detail: trouble ?? failure?.message ?? 'is given a rest',
		fix: trouble ? `Read ${tool.file}, then run \`aiworkflow trust\`.` : failure?.suggestion,
	};
};
