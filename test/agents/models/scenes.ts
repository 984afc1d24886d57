/** What the model does next, whatever the protocol it is asked over. */
export type Move =
	| {readonly do: 'say'; readonly words: readonly string[]}
	/** It calls a tool of the agent, after a few words. */
	| {readonly do: 'call'; readonly words: readonly string[]; readonly call: ToolCall}
	/** A word every 100 ms, for ever. */
	| {readonly do: 'stream'}
	/** It takes the request and never answers. */
	| {readonly do: 'hang'}
	| {readonly do: 'fail'; readonly status: 401 | 429 | 503; readonly retryAfterS?: number};

export interface ToolCall {
	readonly name: string;
	readonly input: Readonly<Record<string, unknown>>;
}

export interface Asked {
	/** Names of the tools the agent offers. */
	readonly tools: readonly string[];
	/** Whether the conversation holds the result of a tool. */
	readonly hasResult: boolean;
	/** The whole request. */
	readonly body: string;
}

export const sentence = ['Hello ', 'from ', 'the ', 'stand-in ', 'model.'];
export const written = 'written by the stand-in model';

/** The same for every answer, so that sums can be checked. `input` has the cached ones in it, `output` the reasoning. */
export const usagePerCall = {input: 1200, cached: 300, output: 42, reasoning: 7};

/** For how long it says a limit holds. */
export const retryAfterS = 2;

export const moveOf = (scene: string, asked: Asked): Move => {
	switch (scene) {
		case 'text':
			return {do: 'say', words: sentence};
		case 'json': {
			const risk = asked.body.includes('do not fit') ? 'low' : 'perhaps';
			return {do: 'say', words: [`I judged it.\n\n\`\`\`json\n{"risk": "${risk}"}\n\`\`\`\n`]};
		}

		case 'write':
			return callOr(asked, 'I will write. ', writeCall(asked));
		case 'run':
			return callOr(asked, 'I will run it. ', runCall(asked));
		case 'tool':
			return callOr(asked, 'I will call it. ', givenToolCall(asked));
		case 'slow':
			return {do: 'stream'};
		case 'hang':
			return {do: 'hang'};
		case 'e401':
			return {do: 'fail', status: 401};
		case 'e429':
			return {do: 'fail', status: 429, retryAfterS};
		default:
			return {do: 'fail', status: 503};
	}
};

const callOr = ({hasResult}: Asked, words: string, call: ToolCall | undefined): Move => {
	if (hasResult) return {do: 'say', words: ['I am ', 'done.']};
	// Agents also ask for titles, and offer no tools then.
	return call ? {do: 'call', words: [words], call} : {do: 'say', words: ['A title']};
};

/** The file is named after `WRITE:` in the prompt. Each agent has its own tool for it; Codex only a shell. */
const writeCall = (asked: Asked): ToolCall | undefined => {
	const {tools, body} = asked;
	const file = /WRITE:([^\s"\\]+)/.exec(body)?.[1];
	const content = `${written}\n`;
	if (file === undefined) return undefined;
	if (tools.includes('write_file')) return {name: 'write_file', input: {file_path: file, content}};
	if (tools.includes('Write')) return {name: 'Write', input: {file_path: file, content}};
	if (tools.includes('write')) return {name: 'write', input: {filePath: file, content}};
	if (tools.includes('create')) return {name: 'create', input: {path: file, file_text: content}};
	return shellCall(asked, `printf '${written}\\n' > ${file}`);
};

/** The command is what stands between `RUN:` and a semicolon in the prompt. */
const runCall = (asked: Asked): ToolCall | undefined => {
	const {tools, body} = asked;
	const command = /RUN:([^;"\\]+);/.exec(body)?.[1];
	if (command === undefined) return undefined;
	if (tools.includes('run_shell_command')) return {name: 'run_shell_command', input: {command, description: 'Runs it'}};
	if (tools.includes('Bash')) return {name: 'Bash', input: {command, description: 'Runs it'}};
	if (tools.includes('bash')) return {name: 'bash', input: {command, description: 'Runs it'}};
	return shellCall(asked, command);
};

/** The tool is named after `TOOL:` in the prompt, without what the agent puts before names of its servers. */
const givenToolCall = ({tools, body}: Asked): ToolCall | undefined => {
	const wanted = /TOOL:(\w+)/.exec(body)?.[1];
	const name = wanted === undefined ? undefined : tools.find(each => each.endsWith(wanted));
	return name === undefined ? undefined : {name, input: wanted!.endsWith('_add') ? {text: written} : {}};
};

/** Codex's shell: it asks for leave to do it outside its sandbox, unless it was told that nobody can be asked. */
const shellCall = ({tools, body}: Asked, command: string): ToolCall | undefined => {
	const leave = body.includes('Approval policy is currently never')
		? {}
		: {sandbox_permissions: 'require_escalated', justification: 'The sandbox would not let me.'};
	if (tools.includes('exec_command')) return {name: 'exec_command', input: {cmd: command, ...leave}};
	if (tools.includes('shell_command')) return {name: 'shell_command', input: {command, ...leave}};
	if (tools.includes('shell')) return {name: 'shell', input: {command: ['bash', '-lc', command], ...leave}};
	return undefined;
};
