import {expect, test} from 'vitest';
import type {AttemptExecutor} from '../../../runtime/engine/parts.ts';
import {inTemporaryFolder, newRunOf, openEngine} from '../../bench/engine-under-test.ts';
import {definitionOf} from './simulation.ts';

const origin = {by: 'tester', via: 'api'};

test('a clean-up by an agent, chosen after the cancellation, is started once and left to finish', async () => {
	await inTemporaryFolder(async folder => {
		const started: string[] = [];
		const executor: AttemptExecutor = {
			start({stepId}) {
				started.push(stepId);
				if (stepId === 'clean') return {outcome: Promise.resolve({status: 'completed', outputs: {}}), stop() {}};
				const {promise, resolve} = Promise.withResolvers<{status: 'cancelled'}>();
				return {outcome: promise, stop: () => resolve({status: 'cancelled'})};
			},
			reattach: () => ({outcome: Promise.resolve({status: 'interrupted', reason: 'never-claimed'}), stop() {}}),
		};
		const {engine, bus, close} = openEngine(folder, executor);
		const ended = new Promise<string>(resolve => {
			bus.subscribe(events => {
				for (const {type} of events) if (type === 'run.cancelled') resolve(type);
			});
		});
		const run = await engine.createRun(newRunOf(definitionOf(workflow)));
		await engine.cancelRun(run.id, origin, 'asked for');
		expect(await ended).toBe('run.cancelled');
		expect(started).toEqual(['work', 'clean']);
		close();
	});
});

const workflow = `---
name: cancelled
agent: replay
---
# Cancelled

## work
\`\`\`sh run
sleep 60
\`\`\`

## clean
\`\`\`yaml step
if: always()
\`\`\`
Tidy up.
`;
