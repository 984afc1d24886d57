import {expect, test} from 'vitest';
import {openApprovalsOf, runStatusOf} from '../../../source/run/views.ts';
import {completed, definitionOf, failed, origin, simulate} from './simulation.ts';

const script = (id: string, settings = '') =>
	`## ${id}\n${settings && `\`\`\`yaml step\n${settings}\n\`\`\`\n`}\`\`\`sh run\n:\n\`\`\`\n`;
const workflowOf = (frontmatter: string, ...steps: string[]) =>
	definitionOf(`---\nname: test\n${frontmatter}---\n# Test\n${steps.join('\n')}`);

test('parallel steps start together, a join waits for all of them', () => {
	const definition = workflowOf('', script('a', 'needs: []'), script('b', 'needs: []'), script('c', 'needs: [a, b]'));
	const simulation = simulate(definition, id => (id === 'c' ? completed : 'hangs'));
	simulation.settle();
	expect(simulation.started).toEqual(['a', 'b']);
	simulation.end('b', completed);
	expect(simulation.started).toEqual(['a', 'b']);
	simulation.end('a', completed);
	expect(simulation.started).toEqual(['a', 'b', 'c']);
	expect(simulation.run().phase).toBe('completed');
});

test('deciding twice changes nothing', () => {
	const simulation = simulate(workflowOf('', script('a')), () => 'hangs');
	simulation.settle();
	const {length} = simulation.events;
	simulation.settle();
	expect(simulation.events).toHaveLength(length);
	expect(simulation.started).toEqual(['a']);
});

test('no more attempts start than there are places', () => {
	const definition = workflowOf('', script('a', 'needs: []'), script('b', 'needs: []'));
	const simulation = simulate(definition, () => 'hangs');
	simulation.allow(1);
	simulation.settle();
	expect(simulation.started.slice(0, 1)).toEqual(['a']);
});

test('an approval asks once, waits, and gives its outputs', () => {
	const definition = workflowOf('', '## ask\n```yaml step\napproval: {}\n```\nShip it?\n', script('ship'));
	const simulation = simulate(definition);
	simulation.settle();
	const [approval] = openApprovalsOf(simulation.run());
	expect(approval?.question).toBe('Ship it?');
	expect(runStatusOf(simulation.run())).toBe('waiting');
	simulation.append({
		type: 'approval.approved',
		body: {approvalId: approval!.id, stepId: 'ask', origin, comment: 'fine'},
	});
	expect(simulation.run().steps.ask?.outputs).toMatchObject({decision: 'approved', comment: 'fine', by: 'tester'});
	expect(simulation.run().phase).toBe('completed');
	expect(simulation.events.filter(event => event.type === 'approval.requested')).toHaveLength(1);
});

test('a rejected approval fails its step, and what depends on it is skipped', () => {
	const definition = workflowOf('', '## ask\n```yaml step\napproval: {}\n```\n', script('ship'));
	const simulation = simulate(definition);
	simulation.settle();
	const approvalId = openApprovalsOf(simulation.run())[0]!.id;
	simulation.append({type: 'approval.rejected', body: {approvalId, stepId: 'ask', origin, comment: 'not today'}});
	expect(simulation.run()).toMatchObject({phase: 'failed', failure: {code: 'approval.rejected'}});
	expect(simulation.run().failure?.message).toContain('tester said no: not today');
	expect(simulation.started).toEqual([]);
});

test('on-reject: skip ends what depends on the approval without failing the run', () => {
	const definition = workflowOf(
		'outputs:\n  path: ${{ steps.ship.outputs.path }}\n',
		'## ask\n```yaml step\napproval: { on-reject: skip }\n```\n',
		script('ship'),
		script('tidy', 'if: always()'),
	);
	const simulation = simulate(definition);
	simulation.settle();
	const approvalId = openApprovalsOf(simulation.run())[0]!.id;
	simulation.append({type: 'approval.rejected', body: {approvalId, stepId: 'ask', origin}});
	expect(simulation.statuses()).toEqual({ask: 'skipped', ship: 'skipped', tidy: 'completed'});
	expect(simulation.run()).toMatchObject({phase: 'completed', outputs: {path: null}});
});

test.each([
	['reject', 'failed'],
	['approve', 'completed'],
	['fail', 'failed'],
] as const)('an approval nobody answers in time: on-expire %s', (onExpire, phase) => {
	const definition = workflowOf(
		'',
		`## ask\n\`\`\`yaml step\napproval: { expires: 1h, on-expire: ${onExpire} }\n\`\`\`\n`,
	);
	const simulation = simulate(definition);
	simulation.settle();
	expect(simulation.wakeAtMs()).toBe(simulation.nowMs() + 3_600_000);
	simulation.pass(3_599_999);
	expect(simulation.run().phase).toBe('open');
	simulation.pass(1);
	expect(simulation.run().phase).toBe(phase);
});

test('run --yes approves at once and says so in the journal', () => {
	const definition = workflowOf('', '## ask\n```yaml step\napproval: {}\n```\n');
	const simulation = simulate(definition, () => completed, true);
	simulation.settle();
	expect(simulation.run().phase).toBe('completed');
	const answer = simulation.events.find(event => event.type === 'approval.approved');
	expect(answer?.body).toMatchObject({origin: {via: 'run --yes'}});
});

test('a wait ends at its moment, also when nobody looked for days', () => {
	const simulation = simulate(workflowOf('', '## pause\n```yaml step\nwait: 30d\n```\n', script('after')));
	simulation.settle();
	expect(simulation.started).toEqual([]);
	simulation.pass(40 * 86_400_000);
	expect(simulation.run().phase).toBe('completed');
});

test('cancelling stops what runs, leaves out what has not begun, and runs the clean-up', () => {
	const definition = workflowOf('', script('a'), script('b'), script('tidy', 'if: always()'));
	const simulation = simulate(definition, id => (id === 'a' ? 'hangs' : completed));
	simulation.settle();
	simulation.append({type: 'run.cancel-requested', body: {origin, reason: 'asked for'}});
	expect(simulation.stopped).toEqual(['a']);
	expect(simulation.statuses()).toEqual({a: 'cancelled', b: 'cancelled', tidy: 'completed'});
	expect(simulation.run().phase).toBe('cancelled');
});

test('a step that began after the cancellation is left to finish', () => {
	const definition = workflowOf('', script('a'), script('tidy', 'if: cancelled()'));
	const simulation = simulate(definition, () => 'hangs');
	simulation.settle();
	simulation.append({type: 'run.cancel-requested', body: {origin, reason: 'asked for'}});
	expect(simulation.started).toEqual(['a', 'tidy']);
	simulation.settle();
	expect(simulation.stopped).toEqual(['a']);
	simulation.end('tidy', completed);
	expect(simulation.run().phase).toBe('cancelled');
});

test('an approval asked as a clean-up after the cancellation waits for its answer', () => {
	const definition = workflowOf(
		'',
		script('a'),
		'## keep\n```yaml step\napproval: {}\nif: always()\n```\nKeep the files?\n',
	);
	const simulation = simulate(definition, () => 'hangs');
	simulation.settle();
	simulation.append({type: 'run.cancel-requested', body: {origin, reason: 'asked for'}});
	const [approval] = openApprovalsOf(simulation.run());
	expect(approval?.question).toBe('Keep the files?');
	simulation.append({type: 'approval.approved', body: {approvalId: approval!.id, stepId: 'keep', origin}});
	expect(simulation.run().phase).toBe('cancelled');
});

test('cancelling withdraws an open approval', () => {
	const simulation = simulate(workflowOf('', '## ask\n```yaml step\napproval: {}\n```\n'));
	simulation.settle();
	simulation.append({type: 'run.cancel-requested', body: {origin, reason: 'asked for'}});
	expect(openApprovalsOf(simulation.run())).toEqual([]);
	expect(simulation.events.map(event => event.type)).toContain('approval.withdrawn');
	expect(simulation.run().phase).toBe('cancelled');
});

test("the run's timeout cancels it", () => {
	const simulation = simulate(workflowOf('timeout: 10m\n', script('a')), () => 'hangs');
	simulation.settle();
	expect(simulation.wakeAtMs()).toBe(simulation.nowMs() + 600_000);
	simulation.pass(600_000);
	expect(simulation.run().phase).toBe('cancelled');
	expect(simulation.run().cancelRequested?.reason).toContain('10m');
});

test('an attempt that never began is begun anew; one that vanished fails its step', () => {
	const never = simulate(workflowOf('', script('a')), (_, attempt) =>
		attempt === 1 ? {status: 'interrupted', reason: 'never-claimed'} : completed,
	);
	never.settle();
	expect(never.run().phase).toBe('completed');
	expect(never.run().steps.a?.attempts.map(attempt => attempt.status)).toEqual(['interrupted', 'completed']);
	const gone = simulate(workflowOf('', script('a')), () => ({status: 'interrupted', reason: 'vanished'}));
	gone.settle();
	expect(gone.run().steps.a?.failure?.code).toBe('attempt.vanished');
});

test('a condition that cannot be evaluated fails its step, not the daemon', () => {
	const definition = workflowOf(
		'',
		script('a', 'continue-on-error: true'),
		script('b', 'if: fromJSON(steps.a.text).x'),
	);
	const simulation = simulate(definition, () => failed);
	simulation.settle();
	expect(simulation.run().steps.b).toMatchObject({status: 'failed', failure: {code: 'expression.failed'}});
});

test('`if:` guards an `env:` that cannot be evaluated without it', () => {
	const guarded = script('guarded', 'if: inputs.json != \'\'\nenv: { X: "${{ fromJSON(inputs.json).x }}" }');
	const definition = workflowOf('inputs: { json: { default: "" } }\n', guarded, script('after'));
	const simulation = simulate(definition);
	simulation.settle();
	expect(simulation.run().steps.guarded).toMatchObject({status: 'skipped'});
	expect(simulation.run().phase).toBe('completed');
});

test('a condition reads the `env:` of its own step, which reads that of the workflow', () => {
	const reads = script('reads', 'if: env.OWN == \'own of all\'\nenv: { OWN: "own ${{ env.ALL }}", ALL: other }');
	const simulation = simulate(workflowOf('env: { ALL: of all }\n', reads));
	simulation.settle();
	expect(simulation.started).toEqual(['reads']);
});

test('outputs of the workflow keep their types', () => {
	const definition = workflowOf(
		'outputs:\n  count: ${{ steps.a.outputs.count }}\n  text: "n = ${{ steps.a.outputs.count }}"\n',
		script('a'),
	);
	const simulation = simulate(definition, () => ({status: 'completed', outputs: {count: 3}}));
	simulation.settle();
	expect(simulation.run().outputs).toEqual({count: 3, text: 'n = 3'});
});

test('folding the journal again gives the same state', async () => {
	const {reduce} = await import('../../../source/run/reduce.ts');
	const definition = workflowOf('', script('a'), '## ask\n```yaml step\napproval: {}\n```\n', script('b'));
	const simulation = simulate(definition, () => completed, true);
	simulation.settle();
	const replayed = simulation.events.reduce<ReturnType<typeof simulation.run> | undefined>(reduce, undefined);
	expect(replayed).toEqual(simulation.run());
});
