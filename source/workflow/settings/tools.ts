import {limits} from '../../limits.ts';
import {type GivenTool, mergedTools, parseGivenTool} from '../given-tools.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry} from '../yaml/tree.ts';
import {readTextList} from './read-value.ts';

/** Reads `tools:`, the names of tools that an agent is given. Whether there are such tools is known where they are. */
export const readTools = (report: Report, entry: YamlEntry): readonly GivenTool[] | undefined => {
	const texts = readTextList(report, entry);
	if (!texts) return undefined;
	const names = texts.flatMap(({text, start}) => {
		const name = parseGivenTool(text);
		if (name) return [name];
		const message = `\`${shortened(text)}\` cannot be the name of a tool.`;
		const suggestion = 'Write the name of a tool, or of one operation: `tools: [github, files.read]`.';
		report.error('tools.name-invalid', start, message, suggestion);
		return [];
	});
	const tools = mergedTools(names);
	if (tools.length <= limits.toolsOfAgentMax) return tools;
	const message = `An agent is given at most ${limits.toolsOfAgentMax} tools; this list has ${tools.length}.`;
	report.error('tools.too-many', entry.keyStart, message, 'Give it only those that the step needs.');
	return undefined;
};
