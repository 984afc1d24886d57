import type {
	FiringView,
	QueueView,
	ScheduleView,
	TriggersPage,
	WebhooksView,
	WorkflowView,
} from '../../../source/api/messages.ts';
import type {KnownTriggers} from '../../../source/tui/pages/triggers/fetch.ts';

/** What starts runs by itself in `/src/shop`, as a daemon would tell of it on 20 November 2026 at 14:02. */
const workspace = '/src/shop';
const folder = `${workspace}/.aiworkflow/workflows`;

const firing = (id: string, at: string, change: Partial<FiringView>): FiringView => ({
	...{id, at, status: 'ended', runId: `r-${id}`, detail: null, taint: null},
	...change,
});

const at = (time: string) => `2026-11-20T${time}:00.000Z`;

export const scriptedTriggers: TriggersPage = {
	workspaces: [
		{
			workspace,
			waitsForTrust: false,
			invalid: [{file: `${folder}/nightly.md`, message: 'Line 4: `0 3 * *` is no cron expression.'}],
		},
	],
	triggers: [
		{
			...{key: 'k1', workspace, file: `${folder}/nightly-audit.md`, workflow: 'nightly-audit', id: 'schedule'},
			...{kind: 'schedule', settings: '0 9 * * 1-5 in Europe/Berlin', if: 'trigger.missed < 10', pending: 0},
			openRuns: ['r-audit'],
			firings: [
				firing('audit', at('13:50'), {status: 'started'}),
				firing('f2', at('08:00'), {status: 'skipped', detail: 'the run before it goes on'}),
				firing('f3', '2026-11-19T08:00:00.000Z', {}),
			],
		},
		{
			...{key: 'k2', workspace, file: `${folder}/report.md`, workflow: 'report', id: 'schedule', kind: 'schedule'},
			...{settings: '0 0 1 * *', if: null, pending: 2, openRuns: [], firings: []},
		},
		{
			...{key: 'k3', workspace, file: `${folder}/triage.md`, workflow: 'triage', id: 'webhook', kind: 'webhook'},
			...{settings: 'POST /github; signed (github)', if: "trigger.event == 'issues'", pending: 0, openRuns: []},
			firings: [
				firing('f4', at('12:30'), {
					status: 'failed',
					detail: 'Input number: 価格 is no integer.',
					taint: 'webhook /github',
				}),
			],
		},
		{
			...{key: 'k4', workspace, file: `${folder}/work.md`, workflow: 'work', id: 'queue', kind: 'queue'},
			...{settings: 'jobs (embedded); 2 at once', if: null, pending: 0, openRuns: [], firings: []},
		},
	],
};

const schedule = {
	workspace,
	trigger: 'schedule',
	timezone: 'Europe/Berlin',
	overlap: 'skip',
	catchUp: 'one',
} as const;

export const scriptedSchedules: readonly ScheduleView[] = [
	{
		...schedule,
		...{name: 'nightly-audit', file: `${folder}/nightly-audit.md`, workflow: 'nightly-audit', cron: '0 9 * * 1-5'},
		...{words: 'at 09:00, Monday to Friday', state: 'armed', nextAt: '2026-11-23T08:00:00.000Z', lastAt: at('08:00')},
		...{missed: 3, paused: null, coming: ['2026-11-23T08:00:00.000Z', '2026-11-24T08:00:00.000Z']},
	},
	{
		...schedule,
		...{name: 'report', file: `${folder}/report.md`, workflow: 'report', cron: '0 0 1 * *', words: null},
		...{state: 'paused', nextAt: null, lastAt: null, missed: 0, coming: ['2026-12-01T00:00:00.000Z']},
		paused: {at: at('11:00'), by: 'ada', reason: 'holidays'},
	},
];

export const scriptedWebhooks: WebhooksView = {
	listener: {address: null, isListening: false, isOpenToOthers: false, failure: null},
	webhooks: [
		{
			...{path: '/github', url: null, workflow: 'triage', file: `${folder}/triage.md`, workspace, trigger: 'webhook'},
			...{style: 'github', methods: ['POST'], respond: 'accepted', secret: 'GITHUB_WEBHOOK_SECRET', state: 'ready'},
			...{detail: null, accepted: 1, duplicates: 0, refused: {}, lastAt: at('12:30')},
		},
	],
};

export const scriptedQueues: readonly QueueView[] = [
	{
		...{queue: 'jobs', backend: 'embedded', isPaused: true, ready: 4, delayed: 0, working: 0, dead: 1, problem: null},
		consumers: [
			{
				...{workspace, file: `${folder}/work.md`, workflow: 'work', trigger: 'queue', concurrency: 2, working: 0},
				...{connection: 'paused', detail: null, retryAt: null},
			},
		],
	},
];

const declared = {description: null, steps: 1, problems: 0} as const;

/** Those that declare the triggers above, as far as they are listed. */
export const triggeredWorkflows: readonly WorkflowView[] = [
	{
		...{...declared, name: 'nightly-audit', file: `${folder}/nightly-audit.md`},
		triggers: [{name: 'schedule', settings: '{"cron":"0 9 * * 1-5"}', cron: '0 9 * * 1-5', line: 3}],
	},
	{
		...{...declared, name: 'triage', file: `${folder}/triage.md`},
		triggers: [{name: 'webhook', settings: '{"path":"/github","style":"github"}', line: 3}],
	},
];

/** Of a workspace that nobody armed. */
export const unarmedTriggers: KnownTriggers = {
	workspaces: [],
	triggers: [],
	schedules: scriptedSchedules.slice(0, 1).map(each => ({...each, state: 'unarmed', nextAt: null, missed: 0})),
};

export const knownTriggers: KnownTriggers = {
	...scriptedTriggers,
	schedules: scriptedSchedules,
	webhooks: scriptedWebhooks,
};
