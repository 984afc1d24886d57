import path from 'node:path';
import type {Client} from '../../client/client.ts';
import {connect} from '../../client/connect.ts';
import {findWorkspace} from '../../workflow-files.ts';
import {exitCodes} from '../exit-codes.ts';
import {checks, findingsOf} from '../health/checks.ts';
import type {Finding, Patient} from '../health/finding.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** Looks at everything a run depends on, and says how to mend what it finds. Fails only where nothing would work. */
export const doctor: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const patient = patientOf(path.resolve(options.workspace ?? findWorkspace(process.cwd())));
	const findings: Finding[] = [];
	for (const check of checks) {
		for (const finding of await findingsOf(check, patient)) {
			findings.push(finding);
			if (!output.isJson) await printFinding(finding, output);
		}
	}

	const isHealthy = findings.every(({status}) => status !== 'fail');
	if (output.isJson) await output.document({healthy: isHealthy, checks: findings});
	return isHealthy ? exitCodes.done : exitCodes.failed;
};

/** A daemon that does not answer is waited for once. */
const patientOf = (workspace: string): Patient => {
	let connecting: Promise<Client> | undefined;
	return {
		workspace,
		environment: process.env,
		client: () => {
			connecting ??= connect();
			return connecting;
		},
	};
};

const printFinding = async ({name, status, detail, fix}: Finding, {paint, print}: Output) => {
	const marks = {ok: paint.green('✓ ok  '), warn: paint.yellow('! warn'), fail: paint.red('✗ fail')};
	await print(`${marks[status]}  ${name.padEnd(13)}  ${detail}`);
	if (fix) await print(`${' '.repeat(23)}${paint.dim(`→ ${fix}`)}`);
};
