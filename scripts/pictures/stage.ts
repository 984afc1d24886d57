import path from 'node:path';
import {packageFolder} from '../../source/install.ts';
import {openSession, type Session, until, workflowOf} from '../../test/sessions/session.ts';

/** A workspace with runs in it of every kind, on a real daemon; its agents are the scripted one of the tests. */
export const openPictureStage = async (): Promise<Session> => {
	const session = openSession();
	session.write('.aiworkflow/agents.yaml', agents);
	const {code, stderr} = await session.aiworkflow(['trust', '--yes']);
	if (code !== 0) throw new Error(stderr);
	const start = (name: string, body: string, frontmatter?: string) =>
		session.start(session.write(`${name}.md`, workflowOf(name, body, frontmatter)));

	await session.finish(await start('standup', agentStep('summary', 'writer', 'SAY Two pull requests were merged.')));
	await session.finish(await start('deploy', deploy));
	await session.finish(await start('standup', agentStep('summary', 'writer', 'SAY The audit is still going on.')));
	const waiting = [await start('release', release), await start('fix-issue', fixIssue)];
	await start('nightly-audit', audit);
	const client = await session.client();
	await until('the questions', async () => {
		const {approvals} = await client.approvals({status: 'open'});
		return waiting.every(runId => approvals.some(approval => approval.runId === runId));
	});
	return session;
};

const program = path.join(packageFolder, 'test/agents/scripted-agent.ts');
const agentOf = (id: string, scene: string) =>
	`  ${id}:\n    command: ${process.execPath}\n    args: [${program}, ${scene}]\n`;
const agents = `agents:\n${agentOf('planner', 'text')}${agentOf('writer', 'obey')}${agentOf('coder', 'obey')}`;

const agentStep = (id: string, agent: string, prompt: string) =>
	`## ${id}\n\`\`\`yaml step\nagent: ${agent}\n\`\`\`\n${prompt}\n`;
const script = (id: string, text: string) => `## ${id}\n\`\`\`sh run\n${text}\n\`\`\`\n`;
const approval = (id: string, question: string) => `## ${id}\n\`\`\`yaml step\napproval: {}\n\`\`\`\n${question}\n`;

const deploy =
	script('build', 'echo "built 214 modules in 3.1 s"') +
	script('push', 'echo "pushing shop:2.4.0"; echo "connection refused by registry.example" >&2; exit 2');

const release =
	agentStep('notes', 'writer', 'SAY 2.4.0: carts keep their discounts; search is faster; 14 defects mended.') +
	script('tag', 'echo "tagged v2.4.0"') +
	approval('ship', 'Ship these changes as 2.4.0?') +
	script('announce', 'echo done');

const fix = [
	'SAY Reading src/cart.ts',
	'SAY The total is computed before the discount is applied, so I will',
	'SAY move applyDiscount() above sum() and add a test for it.',
	'ASK npm install --save-dev fast-check',
].join('\n');

const fixIssue =
	agentStep('plan', 'planner', 'How is issue 42 to be mended?') +
	agentStep('fix', 'coder', fix) +
	script('test', 'npm test') +
	approval('merge', 'Merge it?');

const audit =
	script(
		'packages',
		'for name in react ink zod yaml pino fastify commander execa; do echo "auditing $name: no advisories"; done\n' +
			'echo "warning: left-pad 1.3.0 is deprecated" >&2\n' +
			'while :; do echo "auditing the next of 1,204 packages"; sleep 2; done',
	) + script('report', 'echo done');
