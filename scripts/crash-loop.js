#!/usr/bin/env node
// `npm run proof:crash -- --kills 1000 --seed 1`: the real daemon under load, killed with -9 at random moments.
import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import {crashLoop} from '../test/crash-loop/crash-loop.ts';

const {values} = parseArgs({options: {kills: {type: 'string', default: '1000'}, seed: {type: 'string', default: '1'}}});
const report = await crashLoop({
	kills: Number(values.kills),
	seed: Number(values.seed),
	onProgress(kills, runs) {
		if (kills % 50 === 0) process.stderr.write(`${kills} kills, ${runs} runs acknowledged\n`);
	},
});
process.stdout.write(
	`${JSON.stringify({...report, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length})}\n`,
);
if (report.violations.length > 0) {
	process.stderr.write(`✗ ${report.violations.length} violations; the state is kept in ${report.folder}\n`);
}

process.exit(report.violations.length > 0 ? 1 : 0);
