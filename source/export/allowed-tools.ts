import type {WorkflowDefinition} from '../workflow/definition.ts';
import type {PermissionRules} from '../workflow/permissions.ts';
import type {Lost} from './lost.ts';

/** `permissions:` as tools that Claude Code need not ask for; what its words cannot say is lost. */
export const allowedTools = ({permissions, steps}: WorkflowDefinition, lost: Lost[]): readonly string[] => {
	for (const step of steps)
		if (step.kind === 'agent' && step.permissions)
			lost.push({step: step.id, what: 'permissions', detail: 'of one step have no place there'});
	return permissions ? toolsOf(permissions, lost) : [];
};

const toolsOf = (
	{write = [], run = [], network = [], tools = []}: PermissionRules,
	lost: Lost[],
): readonly string[] => {
	const isAllowed = (pattern: string) => {
		const isRefusal = pattern.startsWith('!');
		if (isRefusal) lost.push({what: `permissions: ${pattern}`, detail: 'refusals have no place there'});
		return !isRefusal;
	};

	return [
		...write.filter(isAllowed).map(pattern => (pattern === '**' ? 'Edit Write' : `Edit(${pattern})`)),
		...run.filter(isAllowed).map(pattern => `Bash(${pattern.replace(/ \*$/, ':*')})`),
		...network.filter(isAllowed).map(host => `WebFetch(domain:${host})`),
		...tools.filter(isAllowed),
	];
};
