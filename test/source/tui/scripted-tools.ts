import type {DeliveryView, ToolDetails, ToolImplementationView, ToolView} from '../../../source/api/messages.ts';

/** The tools of `/src/shop` and what it tells others, as a daemon would say on 20 November 2026 at 14:02. */
const workspace = '/src/shop';

const at = (time: string) => `2026-11-20T${time}:00.000Z`;

const implementation = (id: string, change: Partial<ToolImplementationView> = {}): ToolImplementationView => ({
	...{id, kind: 'mcp', agents: null, breaker: null, last: null, servers: []},
	...change,
});

export const toolView = (name: string, change: Partial<ToolView> = {}): ToolView => ({
	...{name, description: null, file: `${workspace}/.aiworkflow/tools/${name}.yaml`, origin: 'workspace' as const},
	...{isTrusted: true, problems: [], implementations: [], operations: null},
	...change,
});

const unreachable = {
	code: 'tool.unreachable',
	message: 'The tool issues did not answer: connect ECONNREFUSED\u001b[2J.',
};

export const scriptedTools: readonly ToolView[] = [
	toolView('issues', {
		description: 'Issues of the shop: finds them, opens them.',
		operations: 2,
		implementations: [
			implementation('remote', {
				breaker: {state: 'open', failures: 3, untilAt: at('15:00')},
				last: {at: at('13:58'), isHealthy: false, failure: unreachable},
			}),
			implementation('local', {
				agents: ['claude'],
				last: {at: at('13:59'), isHealthy: true, failure: null},
				servers: [{pid: 4711, state: 'idle', startedAt: at('13:40'), usedAt: at('13:59')}],
			}),
		],
	}),
	toolView('mail', {
		operations: 31,
		implementations: [
			implementation('mail', {kind: 'openapi', last: {at: at('14:01'), isHealthy: false, failure: unreachable}}),
		],
	}),
	toolView('weather', {operations: 1, implementations: [implementation('script', {kind: 'script'})]}),
	toolView('broken', {
		problems: [
			{
				...{code: 'tool.invalid', severity: 'error', file: `${workspace}/.aiworkflow/tools/broken.yaml`},
				...{message: '`scrpt` is no kind of tool.', line: 2, column: 1, suggestion: 'Write `script:`.'},
			},
		],
	}),
];

export const scriptedToolDetails = (name: string): ToolDetails => {
	const tool = scriptedTools.find(each => each.name === name)!;
	const operations: ToolDetails['operations'] =
		tool.operations === null
			? null
			: [
					{
						name: 'search',
						description: 'Finds issues\u001b[2J.',
						isReadOnly: true,
						inputSchema: {
							type: 'object',
							required: ['query'],
							properties: {
								query: {type: 'string', description: 'What is looked for.'},
								limit: {type: 'integer'},
								state: {enum: ['open', 'closed']},
							},
						},
					},
					...Array.from({length: tool.operations - 1}, (_, index) => ({
						name: index === 0 ? 'create' : `more-${index}`,
						inputSchema: {type: 'object', required: ['title'], properties: {title: {type: 'string'}}},
					})),
				];
	return {tool, operations, toldBy: null, failure: null};
};

const delivery = (id: string, change: Partial<DeliveryView>): DeliveryView => ({
	...{id, runId: 'r-deploy', workflow: 'deploy', workspace, step: 'push', item: null, cause: null},
	...{to: 'https://hooks.example.com/…', status: 'queued', queuedAt: at('13:30'), nextAt: null, expiresAt: at('23:30')},
	...{settledAt: null, tries: 0, triesMax: 12, replays: 0, httpStatus: null, failure: null},
	...change,
});

const refused = {
	code: 'webhook.refused',
	message: 'https://hooks.example.com answered 503.',
	suggestion: 'See what its owner says, then replay it.',
};

export const scriptedDeliveries: readonly DeliveryView[] = [
	delivery('msg_1', {status: 'dead', tries: 12, replays: 1, settledAt: at('13:50'), httpStatus: 503, failure: refused}),
	delivery('msg_2', {nextAt: at('14:20'), tries: 3, httpStatus: 503, failure: refused, to: 'https://late.example.com'}),
	delivery('msg_3', {
		nextAt: at('14:03'),
		step: null,
		cause: 'run.failed',
		to: 'https://chat.example.com',
		runId: 'r-gone',
	}),
];
