#!/usr/bin/env node
// `npm run proof:webhooks -- --rate 200 --seconds 20`: a real daemon whose webhook is flooded, a third of it badly signed,
// a tenth too large. Needs `npm run build` before.
import {cpus} from 'node:os';
import {parseArgs} from 'node:util';
import {floodWebhooks} from '../test/webhook-flood/flood.ts';

const {values} = parseArgs({
	options: {rate: {type: 'string', default: '200'}, seconds: {type: 'string', default: '20'}},
});
const report = await floodWebhooks({
	perSecond: Number(values.rate),
	seconds: Number(values.seconds),
	onProgress: text => process.stderr.write(`${text}\n`),
});
process.stdout.write(
	`${JSON.stringify({...report, node: process.version, cpu: cpus()[0]?.model, cores: cpus().length})}\n`,
);
const {lost, unasked, shared} = report.runs;
const isSound = lost + unasked + shared === 0 && report.answers.good[202] === report.sent.good;
if (!isSound) process.stderr.write('✗ A good request was lost or doubled, or a bad one ran.\n');
process.exit(isSound ? 0 : 1);
