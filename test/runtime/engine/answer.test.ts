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

const editing = `---
name: edits
---
# Edits

## draft
\`\`\`yaml step
approval: {editable: "Dear \${{ 'all' }}"}
\`\`\`
Send it?
`;

test.each([
	['as it is', undefined, 'Dear all'],
	['changed', 'Dear Ada', 'Dear Ada'],
	['changed to the same', 'Dear all', 'Dear all'],
	['emptied', '', ''],
])('a text that may be changed goes on %s', async (_, text, expected) => {
	await inTemporaryFolder(async folder => {
		const {engine, close} = openEngine(folder);
		const {id} = await engine.createRun(newRunOf(definitionOf(editing)));
		const approval = openApprovalsOf(engine.find(id)!)[0]!;
		expect(approval).toMatchObject({isEditable: true, preview: 'Dear all'});
		await engine.answerApproval(id, approval.id, {isApproved: true, origin: {by: 'tester', via: 'api'}, text});
		expect(engine.find(id)!.steps.draft!.outputs).toMatchObject({decision: 'approved', text: expected});
		close();
	});
});

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
