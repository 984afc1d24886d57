import {connect} from '../../client/connect.ts';
import type {RunView, StepView} from '../../run/views.ts';
import {formatDuration, formatUsd} from '../../units.ts';
import {howToAnswer} from '../approval-desk.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {glyphOf} from '../glyphs.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

export const showRun: Verb<Record<never, never>> = async ({args, output}) => {
	const client = await connect();
	const run = await client.run(args[0]!);
	if (output.isJson) await output.document(run);
	else await printRun(run, output);
	return exitCodes.done;
};

const printRun = async (run: RunView, output: Output) => {
	const {paint} = output;
	const {tableOf} = await import('../table.ts');
	await output.print(
		[
			`${glyphOf(run.status, paint)} ${paint.bold(`${run.workflow} ${run.number}`)}`,
			run.status,
			lengthOf(run.startedAt, run.endedAt),
			costOf(run.costUsd),
			paint.dim(run.id),
		]
			.filter(Boolean)
			.join('  '),
	);
	for (const line of tableOf(run.steps.map(step => rowOf(step, output)))) await output.print(`  ${line}`);
	for (const [name, value] of Object.entries(run.outputs ?? {}))
		await output.print(`${name} = ${oneLine(textOf(value))}`);
	if (run.failure) await output.print(`${paint.red('✗')} ${run.failure.message}`);
	if (run.failure?.suggestion) await output.print(`  ${run.failure.suggestion}`);
	for (const {id, status, stepId, question} of run.approvals) {
		if (status === 'open') await output.print(`◆ ${stepId}: ${oneLine(question)}\n  ${howToAnswer(id)}`);
	}

	if (!output.isVerbose) return;
	await output.print(`\nworkflow   ${run.workflowFile}\nworkspace  ${run.workspace}\nstarted by ${run.origin.by}`);
	await output.print(`inputs     ${JSON.stringify(run.inputs)}`);
};

const rowOf = (step: StepView, {paint}: Output): string[] => [
	`${glyphOf(step.status, paint)} ${step.id}`,
	step.agent ? `${step.agent.id}${step.agent.isReplay ? ' (recording)' : ''}` : step.kind,
	step.status,
	lengthOf(step.startedAt, step.endedAt),
	step.kind === 'agent' && !step.agent?.isReplay ? costOf(step.costUsd) : '',
	oneLine(step.failure?.message ?? step.skipped?.detail ?? step.warnings.at(-1) ?? '', 100),
];

const lengthOf = (startedAt: string | null, endedAt: string | null) =>
	startedAt === null
		? ''
		: formatDuration((endedAt === null ? Date.now() : Date.parse(endedAt)) - Date.parse(startedAt));

const costOf = (costUsd: number | null) =>
	costUsd === 0 ? '' : formatUsd(costUsd === null ? null : costUsd * 1_000_000);

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
