import {afterAll, beforeAll, expect, test} from 'vitest';
import {openSession, type Session, workflowOf} from './session.ts';

let session: Session;

beforeAll(() => {
	session = openSession();
});

afterAll(() => session.close());

/** How the only step of a workflow fails. */
const failureOf = async (name: string, script: string, inputs?: Record<string, unknown>) => {
	const frontmatter = inputs ? 'inputs:\n  text: {type: string}\n' : '';
	const file = session.write(`${name}.md`, workflowOf(name, `## a\n\`\`\`sh run\n${script}\n\`\`\`\n`, frontmatter));
	const events = await session.finish(await session.start(file, {inputs}));
	return events.find(event => event.type === 'step.failed')?.body;
};

test.each([
	['a file that is gone', 'rm "$OUTPUT"'],
	['a folder in its place', 'rm "$OUTPUT"; mkdir "$OUTPUT"'],
])('a script that leaves $OUTPUT as %s is told so', async (what, script) => {
	expect(await failureOf(what.replaceAll(' ', '-'), script)).toMatchObject({
		exitCode: 0,
		failure: {code: 'output.invalid', message: expect.stringContaining('took the file "$OUTPUT" away')},
	});
});

test('a NUL in an input fails the step with the name of the variable', async () => {
	expect(await failureOf('nul', 'true', {text: 'a\0b'})).toMatchObject({
		failure: {code: 'env.invalid', message: expect.stringContaining('INPUT_TEXT')},
	});
});

test('inputs over their limit are refused before anything is journalled', async () => {
	const file = session.write(
		'large.md',
		workflowOf('large', '## a\n```sh run\ntrue\n```\n', 'inputs:\n  text: {type: string}\n'),
	);
	await expect(session.start(file, {inputs: {text: 'x'.repeat(2 * 1024 * 1024)}})).rejects.toMatchObject({
		code: 'inputs.too-large',
	});
});

test('too much output is too much also where it comes in the last moment', async () => {
	expect(await failureOf('late', 'truncate -s 300M "$(dirname "$OUTPUT")/stdout.log"')).toMatchObject({
		failure: {code: 'output.too-large'},
	});
});

test('following an output that cannot be read ends', async () => {
	const script = 'cd "$(dirname "$OUTPUT")"; rm stdout.log; mkdir stdout.log';
	const file = session.write('unreadable.md', workflowOf('unreadable', `## a\n\`\`\`sh run\n${script}\n\`\`\`\n`));
	const runId = await session.start(file);
	await session.finish(runId);
	const client = await session.client();
	const follow = async () => {
		for await (const _ of client.followOutput(runId, 'a')) {
			// There is nothing to show.
		}
	};

	await expect(follow()).rejects.toMatchObject({code: 'daemon.unreachable'});
	expect((await client.health()).status).toBe('ok');
});

test('an approval cannot be given a time that has no date, and the daemon lives', async () => {
	const step = '## ask\n```yaml step\napproval: {expires: 999999999d}\n```\n';
	await expect(session.start(session.write('far.md', workflowOf('far', step)))).rejects.toMatchObject({
		code: 'workflow.invalid',
	});
	expect((await (await session.client()).health()).status).toBe('ok');
});
