import {exitCodes} from '../exit-codes.ts';
import {checks} from '../health-checks.ts';
import type {options as tables} from '../options.ts';
import type {Output} from '../output.ts';
import type {Verb} from '../verb.ts';

/** One thing that was looked at. */
export interface Finding {
	readonly name: string;
	readonly status: 'ok' | 'warn' | 'fail';
	readonly detail: string;
	/** What to do, where it is not ok. */
	readonly fix?: string;
}

/** Looks at everything a run depends on. Fails only where nothing would work. */
export const doctor: Verb<typeof tables.workspaceOnly> = async ({options, output}) => {
	const findings: Finding[] = [];
	for (const check of checks) {
		for (const finding of await check(options.workspace)) {
			findings.push(finding);
			if (!output.isJson) await printFinding(finding, output);
		}
	}

	const isHealthy = findings.every(({status}) => status !== 'fail');
	if (output.isJson) await output.document({healthy: isHealthy, checks: findings});
	return isHealthy ? exitCodes.done : exitCodes.failed;
};

const printFinding = async ({name, status, detail, fix}: Finding, {paint, print}: Output) => {
	const marks = {ok: paint.green('✓ ok  '), warn: paint.yellow('! warn'), fail: paint.red('✗ fail')};
	await print(`${marks[status]}  ${name.padEnd(13)}  ${detail}`);
	if (fix) await print(`${' '.repeat(23)}${paint.dim(fix)}`);
};
