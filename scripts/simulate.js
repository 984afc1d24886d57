#!/usr/bin/env node
// `npm run proof:simulation -- --seeds 10000` or `-- --seed 42`: the engine's decisions under a seeded simulator.
import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import {simulate} from '../test/simulation/simulate.ts';

const {values} = parseArgs({options: {seeds: {type: 'string', default: '10000'}, seed: {type: 'string'}}});
const first = values.seed === undefined ? 1 : Number(values.seed);
const count = values.seed === undefined ? Number(values.seeds) : 1;
const startMs = performance.now();
const total = {seeds: 0, events: 0, attempts: 0, crashes: 0, failed: 0};
for (let seed = first; seed < first + count; seed++) {
	const {problem, events, attempts, crashes, tail} = simulate(seed);
	total.seeds++;
	total.events += events;
	total.attempts += attempts;
	total.crashes += crashes;
	if (problem === undefined && values.seed === undefined) continue;
	if (problem !== undefined) {
		total.failed++;
		process.stderr.write(`✗ seed ${seed}: ${problem}\n  npm run proof:simulation -- --seed ${seed}\n`);
	}

	if (values.seed !== undefined) process.stderr.write(`${tail.join('\n')}\n`);
	if (total.failed >= 10) break;
}

const seconds = Math.round((performance.now() - startMs) / 100) / 10;
process.stdout.write(`${JSON.stringify({...total, seconds, node: process.version, cpu: cpus()[0]?.model})}\n`);
process.exit(total.failed > 0 ? 1 : 0);
