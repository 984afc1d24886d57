import {limits} from '../limits.ts';
import {formatSize} from '../units.ts';
import {autoAgent, type StepDefinition, type WorkflowDefinition} from './definition.ts';
import {type Diagnostic, hasErrors} from './diagnostics.ts';
import {checkExpressions} from './expression/check-all.ts';
import {type Frontmatter, readFrontmatter} from './frontmatter.ts';
import {type Fence, fencesOf} from './markdown/fences.ts';
import {type Outline, outlineOf} from './markdown/outline.ts';
import {proseOf} from './markdown/prose.ts';
import {readWorkflowSettings} from './settings/workflow-settings.ts';
import {warnOfLooseBranches} from './steps/branches.ts';
import type {StepDraft} from './steps/draft.ts';
import {checkGotos} from './steps/gotos.ts';
import {graphOf} from './steps/graph.ts';
import {readStep} from './steps/read-step.ts';
import {checkSavepoints} from './steps/savepoints.ts';
import {createReport, type Report} from './text/report.ts';
import {sourceTextOf} from './text/source-text.ts';

export interface ParsedWorkflow {
	/** Only where no diagnostic is an error. */
	readonly definition?: WorkflowDefinition;
	/** Every problem of the file, sorted by position. */
	readonly diagnostics: Diagnostic[];
}

/**
 * Reads a workflow file and checks all of it. Pure; nothing in the file is executed or evaluated.
 *
 * @param file Only named in the diagnostics.
 */
export const parseWorkflow = (text: string, file: string): ParsedWorkflow => {
	const report = createReport(sourceTextOf(text, file));
	const frontmatter = isReadable(report) ? readFrontmatter(report) : undefined;
	const definition = frontmatter && readDefinition(report, frontmatter);
	const diagnostics = report.diagnostics();
	return hasErrors(diagnostics) ? {diagnostics} : {definition, diagnostics};
};

const isReadable = (report: Report): boolean => {
	const {text} = report.source;
	const sizeBytes = Buffer.byteLength(text);
	const fail = (code: string, offset: number, message: string, suggestion: string) => {
		report.error(code, offset, message, suggestion);
		return false;
	};

	if (sizeBytes > limits.workflowBytesMax) {
		const message = `This file is larger than ${formatSize(limits.workflowBytesMax)}, the limit for a workflow.`;
		return fail('file.too-large', 0, message, 'Move data and long texts into files of their own.');
	}

	if (report.source.positionOf(text.length).line > limits.workflowLinesMax) {
		const message = `This file has more than ${limits.workflowLinesMax} lines, the limit for a workflow.`;
		return fail('file.too-large', 0, message, 'Move data and long texts into files of their own.');
	}

	const binaryAt = text.indexOf('\0');
	if (binaryAt !== -1) {
		const message = 'This file holds binary data; a workflow is a Markdown text.';
		return fail('file.binary', binaryAt, message, 'Give the Markdown file of the workflow.');
	}

	if (text.trim() !== '') return true;
	return fail('file.empty', 0, 'This file is empty.', 'Run `aiworkflow init` for a workflow to begin with.');
};

const readDefinition = (report: Report, {yaml, bodyStart}: Frontmatter): WorkflowDefinition => {
	const settings = readWorkflowSettings(report, yaml);
	const errorsBefore = report.errorCount();
	const outline = outlineOf(report, bodyStart);
	// What hides the steps is reported already.
	if (report.errorCount() === errorsBefore) checkOutline(report, outline, bodyStart);
	const drafts = outline.steps.slice(0, limits.stepsMax).map((section, index) => readStep(report, section, index));
	const graph = graphOf(report, drafts);
	if (!graph.isDoubtful) warnOfLooseBranches(report, drafts, graph);
	checkGotos(report, drafts, graph);
	checkSavepoints(report, drafts);
	const secretNames = checkExpressions(report, settings, drafts, graph);
	const {name, description, version, inputs, outputs, environment} = settings;
	const {routing, model, budgets, permissions, tools, timeoutMs, concurrency, passEnv, triggers} = settings;
	// A workflow that only says how its agents are chosen leaves open which: any that is installed.
	const agents = routing && settings.agents.length === 0 ? [autoAgent] : settings.agents;
	return {
		name,
		title: outline.title,
		description: description || introductionOf(report, outline),
		version,
		inputs: inputs ?? {},
		outputs,
		env: environment.templates,
		agents,
		...(routing && {routing}),
		model,
		...(budgets && {budgets}),
		...(permissions && {permissions}),
		...(tools && tools.length > 0 && {tools}),
		timeoutMs,
		...(concurrency && {concurrency: concurrency.value}),
		passEnv,
		secretNames,
		...(triggers && triggers.value.length > 0 && {triggers: triggers.value}),
		steps: drafts.map(draft => withAnyAgent(stepOf(draft, graph.needs[draft.index]!, drafts), agents)),
	};
};

const stepOf = ({body}: StepDraft, needs: readonly number[], drafts: readonly StepDraft[]): StepDefinition => ({
	...body,
	needs: needs.map(index => drafts[index]!.id),
});

/** A step that only says how its agent is chosen takes one of those of the workflow, or any. */
const withAnyAgent = (step: StepDefinition, agents: readonly string[]): StepDefinition =>
	step.kind === 'agent' && step.routing && step.agents.length === 0 && agents.length === 0
		? {...step, agents: [autoAgent]}
		: step;

const checkOutline = (report: Report, {title, steps}: Outline, bodyStart: number): void => {
	if (report.source.text.slice(bodyStart).trim() === '') {
		report.error(
			'steps.missing',
			bodyStart,
			'This workflow has no steps.',
			'Add `# Title` and a step: `## name`, then a prompt.',
		);
	} else if (steps.length === 0) {
		const message = 'This workflow has no steps: there is no level-2 heading under the first level-1 heading.';
		report.error('steps.missing', bodyStart, message, 'Add a step: `## name`, then a prompt or a `sh run` fence.');
	} else if (title === undefined) {
		const message = 'The steps have no level-1 heading above them.';
		report.error('title.missing', steps[0]!.headingStart, message, 'Add a line `# Title` above the first step.');
	}

	if (steps.length > limits.stepsMax) {
		const message = `This workflow has more than ${limits.stepsMax} steps, the limit.`;
		report.error('steps.too-many', steps[limits.stepsMax]!.headingStart, message, 'Split it into several workflows.');
	}
};

/** What stands before the first step is for readers; a fence with a role there looks as if it were executed. */
const introductionOf = (report: Report, {introduction}: Outline): string | undefined => {
	const fences: readonly Fence[] = fencesOf(report, introduction);
	for (const {start, language, role} of fences) {
		const message = `This \`${language} ${role}\` fence stands before the first step, so it does nothing.`;
		report.warning('fence.outside', start, message, 'Move it below a `##` heading.');
	}

	return proseOf(report.source, introduction, fences).text || undefined;
};
