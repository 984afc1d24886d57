import {nameVariable} from '../../../source/templates/definition.ts';
import type {TemplateView} from '../../../source/templates/shelf.ts';
import type {CockpitState} from '../../../source/tui/state.ts';
import {fetchedWith, pressAll} from './states.ts';

const common = {
	version: '1.0.0',
	source: 'built in',
	problems: [],
	requirements: {commands: ['git'], env: [], agents: ['claude', 'codex']},
} as const;

/** What a shelf would give, of every kind one. */
export const scriptedTemplates: readonly TemplateView[] = [
	{
		...common,
		id: 'broken',
		name: '',
		description: '',
		tags: [],
		variables: [],
		text: '',
		source: 'workspace',
		problems: ['The template has no variable `whom`.'],
	},
	{
		...common,
		id: 'deployment',
		name: 'Deployment',
		description: 'Tests, asks you, deploys, and rolls back by itself where the check fails. 価格',
		category: 'deployment',
		tags: ['deploy', 'rollback'],
		source: 'workspace, hides built in',
		variables: [
			{...nameVariable, default: 'deployment'},
			{
				name: 'environment',
				type: 'choice',
				enum: ['staging', 'production'],
				default: 'staging',
				required: false,
				description: 'Where it is deployed to',
			},
			{name: 'retries', type: 'integer', min: 1, max: 9, required: true, description: 'How often it is checked'},
			{name: 'paths', type: 'list', default: ['src', 'docs'], required: false, description: 'What is deployed'},
		],
		text: Array.from({length: 60}, (_, index) => `Line ${index + 1} of the workflow.`).join('\n'),
	},
	{
		...common,
		id: 'security-scan',
		name: 'Security scan',
		description: 'Scans dependencies and files for known weaknesses.',
		category: 'security',
		tags: ['security'],
		variables: [{...nameVariable, default: 'security-scan'}],
		text: '---\nname: <% name %>\n---\n# Scan\n',
	},
];

/** @returns The state with the templates open, the cursor on the second. */
export const withShelf = (picker: CockpitState): CockpitState => {
	const {state} = pressAll(picker, 't');
	return pressAll(fetchedWith(state, {templates: scriptedTemplates}), 'j').state;
};
