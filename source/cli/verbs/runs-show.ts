import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {withoutControls} from '../../control-sequences.ts';
import {unitNameOf} from '../../run/state.ts';
import type {RunView} from '../../run/views.ts';
import {undoWordsOf} from '../../run/views.ts';
import {formatUsd} from '../../units.ts';
import {howToAnswer} from '../approval-desk.ts';
import {oneLine} from '../clean.ts';
import {exitCodes} from '../exit-codes.ts';
import {glyphOf} from '../glyphs.ts';
import type {Output} from '../output.ts';
import {rollbackWords} from '../rollback-words.ts';
import {runTitleOf} from '../run-title.ts';
import {costWords, lengthWords, rowsOfRun} from '../run-tree.ts';
import type {Verb} from '../verb.ts';

export const showRun: Verb<Record<never, never>> = async ({args, output}) => {
	const client = await connect();
	const run = await client.run(args[0]!);
	if (output.isJson) {
		await output.document(run);
		return exitCodes.done;
	}

	await printHead(run, output);
	const {tableOf} = await import('../table.ts');
	const rows = await rowsOfRun(run, output, id => client.run(id));
	for (const line of tableOf(rows)) await output.print(`  ${line}`);
	await printDeliveriesOf(run, client, output);
	await printForecast(run, client, output);
	await printEnd(run, output);
	return exitCodes.done;
};

const printHead = async (run: RunView, output: Output) => {
	const {paint} = output;
	const rolledBack = rollbackWords(run.rollback?.status ?? null);
	await output.print(
		[
			`${glyphOf(run.status, paint)} ${paint.bold(runTitleOf(run))}`,
			[run.status, rolledBack].filter(Boolean).join(', '),
			lengthWords(run.startedAt, run.endedAt),
			[
				costWords(run.costUsd, run.knownCostUsd),
				run.budgetUsd === null ? '' : `of ${formatUsd(run.budgetUsd * 1_000_000)}`,
			]
				.filter(Boolean)
				.join(' '),
			paint.dim(run.id),
		]
			.filter(Boolean)
			.join('  '),
	);
	const {parent, forkedFrom, paused, trigger, taint} = run;
	const tainted = taint === null ? '' : `tainted (${oneLine(taint)}): agents only read, unless a step allows more`;
	const startedBy = trigger === null || parent ? '' : `started by ${oneLine(trigger.label)}`;
	if (startedBy || tainted) await output.print(paint.dim(`  ${[startedBy, tainted].filter(Boolean).join('; ')}`));
	if (parent)
		await output.print(paint.dim(`  started by step ${unitNameOf(parent.stepId, parent.item)} of run ${parent.runId}`));
	if (forkedFrom) {
		const from = forkedFrom.stepId === null ? '' : `, from step ${forkedFrom.stepId}`;
		await output.print(paint.dim(`  forked from run ${forkedFrom.runId} as it was at event ${forkedFrom.seq}${from}`));
	}

	if (paused) await output.print(`  ‖ paused by ${paused.by} at ${paused.at}: ${oneLine(paused.reason)}`);
};

/** What it sent to others, and what is told of it: how far that is, its steps do not say. */
const printDeliveriesOf = async ({id}: RunView, client: Client, output: Output) => {
	const {deliveries} = await client.deliveries({run: id});
	if (deliveries.length === 0) return;
	const {tableOf} = await import('../table.ts');
	const {deliveryGlyph, deliveryReason, deliveryState} = await import('../delivery-words.ts');
	const rows = deliveries
		.slice(0, deliveriesShownMax)
		.map(each => [
			`${deliveryGlyph(each, output.paint)} ${each.step === null ? (each.cause ?? '') : unitNameOf(each.step, each.item ?? undefined)}`,
			...[`to ${each.to}`, deliveryState(each), deliveryReason(each)],
		]);
	await output.print('webhooks');
	for (const line of tableOf(rows, {columns: output.columns, cell: 3})) await output.print(`  ${line}`);
	const left = deliveries.length - deliveriesShownMax;
	if (left > 0) await output.print(`  · ${left} more: \`aiworkflow webhook deliveries --run ${id}\``);
};

const deliveriesShownMax = 10;

/** Of a run that goes on and asks agents: where its cost is going. */
const printForecast = async (run: RunView, client: Client, output: Output) => {
	const isLeft = run.steps.some(({kind, endedAt}) => kind === 'agent' && endedAt === null);
	if (run.endedAt !== null || !isLeft) return;
	const {likelyUsd, knownUsd, budgetUsd, crossesIn, unknownSteps} = await client.forecast(run.id);
	if (likelyUsd === null && budgetUsd === null) return;
	const words = [
		`likely ${formatUsd(Math.round(knownUsd * 1_000_000))}${likelyUsd === null ? '+?' : ''} in all`,
		crossesIn === null || budgetUsd === null
			? ''
			: `more than ${formatUsd(budgetUsd * 1_000_000)} in step ${crossesIn}`,
		unknownSteps.length > 0 ? `unknown for ${unknownSteps.join(', ')}` : '',
	];
	await output.print(output.paint.dim(`  ${words.filter(Boolean).join('; ')}`));
};

const printEnd = async (run: RunView, output: Output) => {
	const {paint} = output;
	for (const [name, value] of Object.entries(run.outputs ?? {}))
		await output.print(`${name} = ${oneLine(textOf(value))}`);
	if (run.failure) await output.print(`${paint.red('✗')} ${withoutControls(run.failure.message)}`);
	if (run.failure?.suggestion) await output.print(`  ${run.failure.suggestion.replaceAll('<run>', run.id)}`);
	await printRollback(run, output);
	for (const {name, data, by} of run.signals)
		await output.print(`· signal "${oneLine(name)}" from ${by}, not taken by a step yet: ${oneLine(textOf(data))}`);
	for (const {id, status, stepId, item, question} of run.approvals) {
		if (status === 'open')
			await output.print(`◆ ${unitNameOf(stepId, item)}: ${oneLine(question)}\n  ${howToAnswer(id)}`);
	}

	if (!output.isVerbose) return;
	await output.print(`\nworkflow   ${run.workflowFile}\nworkspace  ${run.workspace}\nstarted by ${run.origin.by}`);
	await output.print(`inputs     ${JSON.stringify(run.inputs)}`);
};

const printRollback = async ({rollback}: RunView, output: Output) => {
	if (!rollback) return;
	const {paint} = output;
	const to = rollback.to === null ? '' : ` to ${rollback.to}`;
	await output.print(`⟲ ${rollbackWords(rollback.status)}${to} by ${rollback.by}: ${oneLine(rollback.reason)}`);
	for (const target of rollback.targets) {
		const glyph = {undone: paint.green('✓'), failed: paint.red('✗'), running: paint.cyan('▶'), pending: '·'}[
			target.status
		];
		const why = target.failure ? `  ${oneLine(target.failure.message)}` : '';
		await output.print(`  ${glyph} ${undoWordsOf(target)}${why}`);
	}
};

const textOf = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
