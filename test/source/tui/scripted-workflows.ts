import type {CostEstimate, WorkflowFileView, WorkflowView} from '../../../source/api/messages.ts';
import {workflowNotFound} from '../../../source/errors.ts';

/** The workflows of `/src/shop`, as a daemon would tell of them. */
const folder = '/src/shop/.aiworkflow/workflows';
export const fixIssueFile = '/src/shop/fix-issue.md';
export const nightlyFile = `${folder}/nightly.md`;

export const scriptedWorkflows: readonly WorkflowView[] = [
	{name: 'audit', file: `${folder}/audit.md`, description: 'Looks for what rots.', steps: 2, problems: 0, triggers: []},
	{
		name: 'fix-issue',
		file: fixIssueFile,
		description: 'Plan, fix and verify one issue.',
		steps: 4,
		problems: 0,
		triggers: [],
	},
	{
		name: 'nightly',
		file: nightlyFile,
		description: null,
		steps: 0,
		problems: 1,
		triggers: [
			{name: 'schedule', settings: '0 3 * *', cron: '0 3 * *', line: 4},
			{name: 'webhook', settings: '{"path":"/night"}', line: 5},
		],
	},
];

const fixIssueText = `---
name: fix-issue
description: Plan, fix and verify one issue.
agent: [claude, codex]
inputs:
  issue: { type: integer, required: true, description: Issue number }
  mode: { type: string, enum: [fast, thorough], default: fast }
  dry: { type: boolean, default: false, description: Only say what would be done }
  note: { type: string, description: "価格 と 割引: what else to know" }
---
# Fix an issue
Plan, fix and verify one issue.

## Plan
Read issue \${{ inputs.issue }} and write a plan. Keep it short, name the files that have to change, and say what you are not sure of.

## Fix
Do what the plan says.

## Test
\`\`\`sh run
# not a heading
npm test
\`\`\`
`;

const files: Readonly<Record<string, WorkflowFileView>> = {
	[fixIssueFile]: {
		file: fixIssueFile,
		text: fixIssueText,
		hash: 'h',
		triggers: [],
		diagnostics: [
			{
				code: 'key.unknown',
				severity: 'warning',
				message: '`agentt` is not a key of a step; it does nothing.',
				file: fixIssueFile,
				line: 17,
				column: 1,
				suggestion: 'Did you mean `agent`?',
			},
		],
		definition: {
			name: 'fix-issue',
			description: 'Plan, fix and verify one issue.',
			inputs: {
				issue: {type: 'integer', required: true, description: 'Issue number'},
				mode: {type: 'string', required: false, enum: ['fast', 'thorough'], default: 'fast'},
				dry: {type: 'boolean', required: false, default: false, description: 'Only say what would be done'},
				note: {type: 'string', required: false, description: '価格 と 割引: what else to know'},
			},
			plan: ['1  plan  agent claude, codex', '2  fix   agent claude, codex', '3  test  script sh'],
			agents: ['claude', 'codex'],
			asksAgents: true,
		},
	},
	[nightlyFile]: {
		file: nightlyFile,
		text: '---\nname: nightly\non:\n  schedule: "0 3 * *"\n  webhook: { path: /night }\n---\n# Nightly\n',
		hash: 'n',
		triggers: scriptedWorkflows[2]!.triggers,
		diagnostics: [
			{
				code: 'schedule.invalid',
				severity: 'error',
				message: '`0 3 * *` is no cron expression.',
				file: nightlyFile,
				line: 4,
				column: 3,
				suggestion: 'It takes five fields: minute, hour, day of the month, month and weekday.',
			},
		],
		definition: null,
	},
	[`${folder}/audit.md`]: {
		file: `${folder}/audit.md`,
		text: '---\nname: audit\n---\n# Audit\n## look\n```sh run\ntrue\n```\n## tell\n```sh run\ntrue\n```\n',
		hash: 'a',
		triggers: [],
		diagnostics: [],
		definition: {
			name: 'audit',
			description: 'Looks for what rots.',
			inputs: {},
			plan: ['1  look  script sh', '2  tell  script sh'],
			agents: [],
			asksAgents: false,
		},
	},
};

export const scriptedFile = (file: string): WorkflowFileView => {
	const view = files[file];
	if (!view) throw workflowNotFound(file, 'there is no such file.');
	return view;
};

export const scriptedEstimate: CostEstimate = {
	workflow: 'fix-issue',
	steps: [{stepId: 'plan', agent: 'claude', model: null, items: null, eachUsd: 0.2, likelyUsd: 0.2}],
	likelyUsd: null,
	knownUsd: 0.2,
	unknownSteps: ['fix'],
};
