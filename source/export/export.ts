import type {WorkflowDefinition} from '../workflow/definition.ts';
import {stepOutlinesOf} from '../workflow/plan.ts';
import {claudeCommandOf} from './formats/claude-command.ts';
import {ghAwOf} from './formats/gh-aw.ts';
import {markdownOf} from './formats/markdown.ts';
import {skillOf} from './formats/skill.ts';
import type {Lost} from './lost.ts';

export type ExportFormat = 'markdown' | 'skill' | 'claude-command' | 'gh-aw' | 'json';

export interface Exported {
	readonly text: string;
	/** What the format has no word for, each thing once. */
	readonly lost: readonly Lost[];
}

const writers: Readonly<Record<ExportFormat, (definition: WorkflowDefinition) => Exported>> = {
	markdown: markdownOf,
	skill: skillOf,
	'claude-command': claudeCommandOf,
	'gh-aw': ghAwOf,
	json: definition => ({
		text: `${JSON.stringify({definition, plan: stepOutlinesOf(definition)}, undefined, '\t')}\n`,
		lost: [],
	}),
};

/** Writes a workflow for another tool. Pure. */
export const exportDefinition = (definition: WorkflowDefinition, format: ExportFormat): Exported =>
	writers[format](definition);
