import path from 'node:path';
import type {Client, CreateRunResponse} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {inputsInvalid, usageInvalid} from '../../errors.ts';
import {originOf} from '../../origin.ts';
import type {Diagnostic} from '../../workflow/diagnostics.ts';
import {resolveInputs} from '../../workflow/inputs.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {attendRun} from '../attend-run.ts';
import {type ExitCode, exitCodes} from '../exit-codes.ts';
import {parseInputs} from '../inputs.ts';
import {loadWorkflow} from '../load-workflow.ts';
import type {OptionsOf, options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import {recordRun} from '../record-run.ts';
import {tellDiagnostics} from '../tell-diagnostics.ts';
import type {Verb} from '../verb.ts';

type RunOptions = OptionsOf<typeof tables.run>;

export const run: Verb<typeof tables.run> = async ({args, options, output}) => {
	const inputs = parseInputs(options.input);
	// Checked before the daemon is asked, or even started: a file with mistakes makes no run.
	const {file, definition, diagnostics} = await loadWorkflow(args[0]!);
	const problems = resolveInputs(definition, inputs).diagnostics;
	if (problems.length > 0) throw inputsInvalid(problems);
	const client = await connect();
	if (options.estimate) {
		const {tellEstimate} = await import('./costs-estimate.ts');
		return tellEstimate(
			client,
			{
				file,
				workspace: workspaceOf(options),
				agents: options.agent === undefined ? undefined : agentsOf(options.agent),
			},
			output,
		);
	}

	const created = await createRun(client, file, inputs, options);
	if (!output.isJson) await tellStart(created, diagnostics, output);
	if (options.detach) return detached(created, output);
	const exitCode = await attendRun({client, runId: created.runId, output, waitsForApprovals: options.waitApprovals});
	if (!options.record) return exitCode;
	// Whoever leaves, or is left with a question, has no end to record.
	const isOver = exitCode === exitCodes.done || exitCode === exitCodes.failed;
	if (isOver) await recordRun(client, created.runId, output);
	else output.note(`To record its answers when it has ended: aiworkflow runs record ${created.runId}`);
	return exitCode;
};

const createRun = (client: Client, file: string, inputs: Record<string, string>, options: RunOptions) =>
	client.createRun({
		file,
		workspace: workspaceOf(options),
		inputs,
		agents: options.agent === undefined ? undefined : agentsOf(options.agent),
		approveAll: options.yes,
		taint: options.taint,
		record: options.record,
		environment: process.env as Record<string, string>,
		origin: originOf('command'),
	});

const workspaceOf = ({workspace}: RunOptions): string =>
	workspace === undefined ? findWorkspace(process.cwd()) : path.resolve(workspace);

const agentsOf = (text: string): string[] => {
	const names = text.split(',').map(name => name.trim());
	if (names.every(Boolean)) return names;
	throw usageInvalid(
		`--agent has an empty name: "${text}".`,
		'Write names with commas between them: `--agent claude,codex`.',
	);
};

const tellStart = async (created: CreateRunResponse, warnings: readonly Diagnostic[], output: Output) => {
	const {workflow, number, runId, plan} = created;
	await tellDiagnostics(warnings, output);
	const {paint} = output;
	await output.print(`${paint.cyan('▶')} ${paint.bold(`${workflow} ${number}`)}  ${paint.dim(runId)}`);
	for (const line of plan) await output.print(paint.dim(`  ${line}`));
};

const detached = async ({plan, warnings, ...created}: CreateRunResponse, output: Output): Promise<ExitCode> => {
	if (output.isJson) await output.document(created);
	else output.note(`It runs by itself. Watch it with \`aiworkflow runs watch ${created.runId}\`.`);
	return exitCodes.done;
};
