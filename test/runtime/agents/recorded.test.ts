import path from 'node:path';
import {expect, test, vi} from 'vitest';
import {requestIn, runScripted, scriptedSpec, temporaryFolder} from './run-agent.ts';

vi.setConfig({testTimeout: 30_000});

const agents = path.resolve(import.meta.dirname, '../../agents');

/** Plays what the real gemini 0.61.0 said, recorded against test/agents/model-server.ts. */
const replayed = (name: string) => {
	const args = [path.join(agents, 'recorded-agent.ts'), path.join(agents, 'recordings', `${name}.jsonl`)];
	const spec = scriptedSpec('', {id: 'gemini', args});
	return runScripted(spec, requestIn(temporaryFolder()), {reply: 'proceed_once'});
};

test('gemini: text, and tokens without a cost', async () => {
	const {text, end, of} = await replayed('gemini-text');
	expect(end.outcome).toBe('ok');
	expect(text).toBe('Hello from the stand-in model.');
	expect(of('session')).toMatchObject([{model: 'gemini-2.5-flash'}]);
	expect(of('usage')).toMatchObject([
		{tokens: {input: 1200, output: 42}, costMicroUsd: null, model: 'gemini-2.5-flash'},
	]);
});

test('gemini: a permission with its diff', async () => {
	const {end, of} = await replayed('gemini-write');
	expect(end.outcome).toBe('ok');
	expect(of('approval')).toMatchObject([
		{
			title: 'Writing to out.txt',
			kind: 'edit',
			preview: '--- /dev/null\n+++ /tmp/project/out.txt\n@@ -0,0 +1,1 @@\n+written by the stand-in model',
		},
	]);
	expect(of('tool')).toMatchObject([{status: 'completed', kind: 'edit', paths: ['/tmp/project/out.txt']}]);
});

test('gemini: a key that is not accepted', async () => {
	const {end} = await replayed('gemini-e401');
	expect(end.failure).toMatchObject({
		code: 'agent.unauthenticated',
		message:
			'Agent "gemini" is not logged in, or its key is not accepted: API key not valid. Please pass a valid API key.',
	});
});
