import {writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {Client} from '@modelcontextprotocol/sdk/client/index.js';
import {StdioClientTransport} from '@modelcontextprotocol/sdk/client/stdio.js';
import {afterEach, expect, test, vi} from 'vitest';
import {bridgeEntry} from '../../../../source/install.ts';
import {temporaryFolder} from '../../agents/run-agent.ts';
import {everything} from '../calling.ts';
import {toolFrom} from '../given.ts';

/** The bridge as a process, driven by the client of the MCP SDK, in front of the real server-everything. Needs `dist/`. */
vi.setConfig({testTimeout: 60_000});

const clients: Client[] = [];
afterEach(async () => {
	for (const client of clients.splice(0)) await client.close();
});

const yaml = `mcp: { command: ${JSON.stringify(process.execPath)}, args: [${JSON.stringify(everything)}, stdio] }\n`;

const serve = async (operations?: readonly string[]) => {
	const workspace = temporaryFolder();
	const tools = [toolFrom(yaml, path.join(workspace, 'every.yaml'), operations && {operations})];
	const file = path.join(workspace, 'tools.json');
	writeFileSync(file, JSON.stringify({version: 1, tools, workspace, cwd: workspace}));
	const client = new Client({name: 'test', version: '1'});
	clients.push(client);
	await client.connect(
		new StdioClientTransport({command: process.execPath, args: [bridgeEntry, file, '-'], stderr: 'inherit'}),
	);
	return client;
};

const textOf = (answer: Awaited<ReturnType<Client['callTool']>>) => (answer.content as Array<{text: string}>)[0]!.text;

test('a real server behind it is listed with its schemas, called, and told what is wrong', async () => {
	const client = await serve();
	const {tools} = await client.listTools();
	const echo = tools.find(({name}) => name === 'every_echo')!;
	expect(echo).toMatchObject({title: 'every.echo', inputSchema: {type: 'object', required: ['message']}});
	expect(tools.every(({name}) => /^every_[\w-]{1,40}$/.test(name))).toBe(true);
	const answer = await client.callTool({name: 'every_echo', arguments: {message: 'hello'}});
	expect(textOf(answer)).toContain('hello');
	const wrong = await client.callTool({name: 'every_echo', arguments: {}});
	expect(wrong.isError).toBe(true);
	expect(textOf(wrong)).toMatch(/^tool\.arguments-invalid: .*`message` is missing/);
});

test('only the operations that are named are there, under their own name too', async () => {
	const client = await serve(['echo']);
	expect((await client.listTools()).tools.map(({name}) => name)).toEqual(['every_echo']);
	expect(textOf(await client.callTool({name: 'every.echo', arguments: {message: 'x'}}))).toContain('x');
	const refused = await client.callTool({name: 'every_get-env', arguments: {}});
	expect(refused).toMatchObject({isError: true});
	expect(textOf(refused)).toMatch(/^tool\.refused: /);
});

test('an operation that is not there is said by name when the list is asked for, and nothing of the tool is offered', async () => {
	const client = await serve(['ekho']);
	expect((await client.listTools()).tools).toEqual([]);
});
