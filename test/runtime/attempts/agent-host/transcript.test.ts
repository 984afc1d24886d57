import {expect, test} from 'vitest';
import {createTranscript} from '../../../../runtime/attempts/agent-host/transcript.ts';

const tool = (more: object) => ({
	t: 'tool' as const,
	id: 't',
	title: 'write',
	kind: 'edit',
	status: 'pending' as const,
	paths: [],
	...more,
});

test('a tool is one line, told once it is known what it works on, and a second one where it failed', () => {
	let text = '';
	const transcript = createTranscript(piece => (text += piece), '/project');
	transcript.text('I will.');
	transcript.tool(tool({}));
	transcript.tool(tool({status: 'in_progress', paths: ['/project/src/x.ts']}));
	transcript.tool(tool({status: 'in_progress', paths: ['/project/src/x.ts']}));
	transcript.tool(tool({status: 'failed', paths: ['/project/src/x.ts']}));
	transcript.tool(tool({id: 'u', kind: 'execute', title: 'npm test\n\u001B[2Jrm', status: 'completed'}));
	transcript.note('!', 'Look');
	transcript.text('Done.\n');
	expect(text).toBe('I will.\n● edit src/x.ts\n✗ edit src/x.ts failed\n● execute npm test rm\n! Look\nDone.\n');
});
