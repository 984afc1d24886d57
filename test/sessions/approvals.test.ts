import {readFileSync} from 'node:fs';
import path from 'node:path';
import {afterAll, beforeAll, describe, expect, test} from 'vitest';
import {openSession, type Session, until, workflowOf} from './session.ts';

let session: Session;

beforeAll(() => {
	session = openSession();
});

afterAll(() => session.close());

const asking = (name: string) =>
	session.write(
		`${name}.md`,
		workflowOf(name, '## ask\n```yaml step\napproval: {}\n```\nShip it?\n## ship\n```sh run\ntouch shipped\n```\n'),
	);

const openApproval = async (runId: string) => {
	const client = await session.client();
	let id: string | undefined;
	await until('the approval', async () => {
		id = (await client.approvals({status: 'open'})).approvals.find(approval => approval.runId === runId)?.id;
		return id !== undefined;
	});
	return id!;
};

test('approvals list shows it, approve answers it, who and when is kept', async () => {
	const runId = await session.start(asking('one'));
	const id = await openApproval(runId);
	const listed = await session.aiworkflow(['approvals', 'list']);
	expect(listed.stdout).toContain('Ship it?');
	const {code} = await session.aiworkflow(['approvals', 'approve', id.slice(0, 6), '--comment', 'looks good']);
	expect(code).toBe(0);
	expect((await session.finish(runId)).at(-1)?.type).toBe('run.completed');
	const {approvals} = await (await session.client()).run(runId);
	expect(approvals[0]).toMatchObject({
		status: 'approved',
		comment: 'looks good',
		answeredBy: expect.any(String),
		answeredAt: expect.any(String),
	});
});

test('approvals list --verbose shows all of a question, however long it is', async () => {
	const lines = Array.from({length: 40}, (_, index) => `- change ${index + 1} of the release`);
	const text = `## ask\n\`\`\`yaml step\napproval: {}\n\`\`\`\nShip these?\n\n${lines.join('\n')}\n`;
	const runId = await session.start(session.write('many.md', workflowOf('many', text)));
	const id = await openApproval(runId);
	expect((await session.aiworkflow(['approvals', 'list'])).stdout).not.toContain('change 40');
	expect((await session.aiworkflow(['approvals', 'list', '--verbose'])).stdout).toContain(
		'   - change 40 of the release\n',
	);
	expect((await session.aiworkflow(['approvals', 'reject', id])).code).toBe(0);
});

test('a second answer is refused', async () => {
	const runId = await session.start(asking('twice'));
	const id = await openApproval(runId);
	expect((await session.aiworkflow(['approvals', 'reject', id])).code).toBe(0);
	const second = await session.aiworkflow(['approvals', 'approve', id]);
	expect(second.code).toBe(1);
	expect(second.stderr).toContain('no longer open');
	expect((await session.finish(runId)).at(-1)).toMatchObject({
		type: 'run.failed',
		body: {failure: {code: 'approval.rejected'}},
	});
});

test('without a terminal a run waits, or ends with 6 where asked to', async () => {
	const {code, stderr} = await session.aiworkflow(['run', asking('six'), '--no-wait-approvals']);
	expect(code).toBe(6);
	expect(stderr).toContain('approvals approve');
});

test('a step that approves its own run is denied with 5, by marker and by ancestry', async () => {
	for (const [name, prefix] of [
		['marked', ''],
		['stripped', 'env -u AIWORKFLOW_RUN_ID -u AIWORKFLOW_STEP_ID '],
	] as const) {
		const file = session.write(
			`self-${name}.md`,
			workflowOf(
				`self-${name}`,
				'## ask\n```yaml step\nneeds: []\napproval: {}\n```\nShip it?\n## sneak\n```yaml step\nneeds: []\nenv: { NODE: "${{ inputs.node }}", MAIN: "${{ inputs.main }}" }\n```\n```sh run\n' +
					'while id=$("$NODE" "$MAIN" approvals list --json | "$NODE" -e \'let t="";process.stdin.on("data",d=>t+=d).on("end",()=>console.log(JSON.parse(t).approvals.find(a=>a.runId===process.argv[1])?.id??""))\' "$AIWORKFLOW_RUN_ID"); [ -z "$id" ]; do sleep 0.05; done\n' +
					`set +e; ${prefix}"$NODE" "$MAIN" approvals approve "$id"; echo "code=$?" >> "$OUTPUT"\n\`\`\`\n`,
				'inputs:\n  node: string\n  main: string\n'.replace(/: string/g, ': { type: string, required: true }'),
			),
		);
		const {mainEntry} = await import('../../source/install.ts');
		const runId = await session.start(file, {inputs: {node: process.execPath, main: mainEntry}});
		const client = await session.client();
		await until('the step to end', async () => (await client.run(runId)).steps[1]!.endedAt !== null);
		const run = await client.run(runId);
		expect(run.steps[1], name).toMatchObject({status: 'completed', outputs: {code: '5'}});
		expect(run.approvals[0]).toMatchObject({status: 'open'});
		await client.cancelRun(runId, {origin: {by: 'tester', via: 'api'}});
	}
});

describe('a text that may be changed', () => {
	const editing = (name: string) =>
		session.write(
			`${name}.md`,
			workflowOf(
				name,
				'## ask\n```yaml step\napproval: { editable: "a draft" }\n```\nSend it?\n## send\n```yaml step\nenv: { TEXT: "${{ steps.ask.outputs.text }}" }\n```\n```sh run\nprintf %s "$TEXT" > sent.txt\n```\n',
			),
		);

	const sent = () => readFileSync(path.join(session.workspace, 'sent.txt'), 'utf8');

	test('is changed in the editor, and goes on as it was saved', async () => {
		const runId = await session.start(editing('edited'));
		const id = await openApproval(runId);
		const editor = {VISUAL: `sh -c 'printf "better\\n" > "$0"'`};
		const {code, stderr} = await session.aiworkflow(['approvals', 'approve', id, '--edit'], {
			environment: {...session.environment, ...editor},
		});
		expect([code, stderr]).toEqual([0, '']);
		await session.finish(runId);
		expect(sent()).toBe('better');
	});

	test('stays a question when the editor fails, and is refused where nothing may be changed', async () => {
		const runId = await session.start(editing('kept'));
		const id = await openApproval(runId);
		const failed = await session.aiworkflow(['approvals', 'approve', id, '--edit'], {
			environment: {...session.environment, VISUAL: 'false'},
		});
		expect([failed.code === 0, failed.stderr.includes('exit code 1')]).toEqual([false, true]);
		const file = session.write('text.txt', 'from a file\n');
		expect((await session.aiworkflow(['approvals', 'reject', id, '--text-file', file])).code).toBe(2);
		expect((await session.aiworkflow(['approvals', 'approve', id, '--text-file', file])).code).toBe(0);
		await session.finish(runId);
		expect(sent()).toBe('from a file\n');
		const other = await openApproval(await session.start(asking('plain')));
		expect((await session.aiworkflow(['approvals', 'approve', other, '--text-file', file])).code).toBe(2);
	});
});
