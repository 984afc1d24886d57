import {expect, test} from 'vitest';
import {breakerAfter} from '../../../runtime/engine/breakers.ts';
import {limits} from '../../../source/limits.ts';
import {inTemporaryFolder, newRunOf, openEngine} from '../../bench/engine-under-test.ts';
import {definitionOf} from './simulation.ts';

const crashed = {code: 'agent.crashed', message: 'gone'};
const closed = {state: 'closed', failures: 0, untilMs: null} as const;

const after = (failures: number) => {
	let row: ReturnType<typeof breakerAfter> = closed;
	for (let index = 0; index < failures; index++) row = breakerAfter('agent', row, crashed, 1000);
	return row;
};

test('a breaker opens after so many failures in a row, for twice as long each time', () => {
	expect(after(limits.breakerFailuresMax - 1).state).toBe('closed');
	expect(after(limits.breakerFailuresMax)).toMatchObject({state: 'open', untilMs: 1000 + limits.breakerOpenMs});
	expect(after(limits.breakerFailuresMax + 1).untilMs).toBe(1000 + 2 * limits.breakerOpenMs);
	expect(after(100).untilMs).toBe(1000 + limits.breakerOpenMsMax);
});

test('what works closes it, and so does a failure that is not the agent’s own', () => {
	expect(breakerAfter('agent', after(9), undefined, 0)).toEqual(closed);
	expect(breakerAfter('agent', after(9), {code: 'output.invalid', message: 'no'}, 0)).toEqual(closed);
});

const asks = definitionOf('---\nname: asks\nagent: someone\n---\n# Asks\n\n## a\nDo it.\n');

test('an agent that keeps failing is given no more attempts, also by the next daemon', async () => {
	await inTemporaryFolder(async folder => {
		let attempts = 0;
		const executor = {
			start() {
				attempts++;
				return {outcome: Promise.resolve({status: 'failed' as const, failure: crashed}), stop() {}};
			},
			reattach: () => ({outcome: new Promise<never>(() => {}), stop() {}}),
		};
		const failureOfRun = async (engine: ReturnType<typeof openEngine>['engine']) => {
			const {id} = await engine.createRun(newRunOf(asks));
			await expect.poll(() => engine.find(id)?.phase).toBe('failed');
			return engine.find(id)!.failure!.code;
		};

		const before = openEngine(folder, executor);
		for (let index = 0; index < limits.breakerFailuresMax; index++) {
			expect(await failureOfRun(before.engine)).toBe('agent.crashed');
		}

		expect(await failureOfRun(before.engine)).toBe('agent.circuit-open');
		before.close();
		const next = openEngine(folder, executor);
		expect(await failureOfRun(next.engine)).toBe('agent.circuit-open');
		expect(attempts).toBe(limits.breakerFailuresMax);
		next.close();
	});
});
