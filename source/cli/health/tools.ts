import type {ToolView} from '../../client/client.ts';
import {breakerWords} from '../breaker-words.ts';
import type {Check, Finding} from './finding.ts';

const name = 'tools';

/** Whether the files of tools can be used; none is opened for it. */
export const checkTools: Check = {
	name,
	look: async ({workspace, environment, client}) => {
		const request = {workspace, check: false, environment: environment as Record<string, string>};
		const {tools} = await (await client()).tools(request);
		if (tools.length === 0) return [{name, status: 'ok', detail: 'none is described'}];
		return tools.flatMap(findingsOfTool);
	},
};

const findingsOfTool = ({
	name: tool,
	file,
	isTrusted,
	problems,
	implementations,
	operations,
}: ToolView): readonly Finding[] => {
	const own = `tool ${tool}`;
	const error = problems.find(({severity}) => severity === 'error');
	if (error)
		return [{name: own, status: 'warn', detail: `${file}:${error.line}: ${error.message}`, fix: error.suggestion}];
	if (!isTrusted)
		return [
			{name: own, status: 'warn', detail: `${file} is not trusted`, fix: 'Read it, then run `aiworkflow trust`.'},
		];
	const troubled = implementations.filter(({breaker, last}) => breaker?.state === 'open' || last?.isHealthy === false);
	if (troubled.length === 0 || troubled.length < implementations.length) {
		const count = operations === null ? '' : `, ${operations === 1 ? 'one operation' : `${operations} operations`}`;
		return [{name: own, status: 'ok', detail: `${implementations.map(({kind}) => kind).join(', ')}${count}`}];
	}

	const {breaker, last} = troubled[0]!;
	const detail = last?.failure?.message ?? breakerWords(breaker) ?? 'does not work';
	const fix = last?.failure?.suggestion ?? `Look closer with \`aiworkflow tools info ${tool}\`.`;
	return [{name: own, status: 'warn', detail, fix}];
};
