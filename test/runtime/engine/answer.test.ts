import {expect, test} from 'vitest';
import {openApprovalsOf} from '../../../source/run/views.ts';
import {inTemporaryFolder, newRunOf, openEngine} from '../../bench/engine-under-test.ts';
import {definitionOf} from './simulation.ts';

const workflow = `---
name: asks
---
# Asks

## ask
\`\`\`yaml step
approval: {expires: 1h}
\`\`\`
`;

test('an answer after the time has passed is too late, also where no timer has noticed yet', async () => {
	await inTemporaryFolder(async folder => {
		let nowMs = 1_000_000;
		const clock = {now: () => nowMs, at: () => () => {}};
		const {engine, close} = openEngine(folder, undefined, {clock});
		const {id} = await engine.createRun(newRunOf(definitionOf(workflow)));
		const approvalId = openApprovalsOf(engine.find(id)!)[0]!.id;
		nowMs += 3_600_000;
		const origin = {by: 'tester', via: 'api'};
		expect(await engine.answerApproval(id, approvalId, {isApproved: true, origin})).toBe(false);
		close();
	});
});
