// An MCP server that misbehaves as its first argument says. Speaks the real protocol up to there.
import {createInterface} from 'node:readline';

const [how = ''] = process.argv.slice(2);
const send = message => process.stdout.write(`${JSON.stringify({jsonrpc: '2.0', ...message})}\n`);
const schema = {type: 'object', properties: {n: {type: 'integer'}}};
const tools = [
	{name: 'work', inputSchema: schema},
	{name: 'look', inputSchema: schema, annotations: {readOnlyHint: true}},
];

if (how === 'hang-at-start') process.on('SIGTERM', () => {});
if (how === 'die-at-start') {
	console.error('no licence was found');
	process.exit(3);
}

const hello = id =>
	send({
		id,
		result: {protocolVersion: '2025-06-18', capabilities: {tools: {}}, serverInfo: {name: 'bad', version: '1'}},
	});

const flood = () => {
	const line = `${'x'.repeat(1024 * 1024)}`;
	const more = () => {
		while (process.stdout.write(line));
		process.stdout.once('drain', more);
	};
	more();
};

const chatter = () => {
	const more = () => {
		send({method: 'notifications/message', params: {level: 'info', data: 'x'.repeat(100_000)}});
		setImmediate(more);
	};
	more();
};

const answers = {
	die: () => {
		console.error('the disk is full');
		process.exit(1);
	},
	hang: () => {},
	flood,
	chatter,
	nonsense: () => process.stdout.write('hello, who is there?\n'),
	'wrong-shape': id => send({id, result: {content: 'not a list'}}),
	'wrong-id': id => send({id: id + 1000, result: {content: []}}),
	'not-declared': id => send({id, error: {code: -32_602, message: 'no such thing'}}),
	fail: id => send({id, result: {isError: true, content: [{type: 'text', text: 'the door is locked'}]}}),
	pid: id => send({id, result: {structuredContent: {pid: process.pid}, content: []}}),
	slow: id => setTimeout(() => send({id, result: {structuredContent: {pid: process.pid}, content: []}}), 300),
	'banner-first': id => {
		process.stdout.write('Welcome to the server!\n');
		setTimeout(() => send({id, result: {content: [{type: 'text', text: 'fine'}]}}), 50);
	},
};

if (how !== 'hang-at-start') {
	for await (const line of createInterface({input: process.stdin})) {
		const {id, method, params} = JSON.parse(line);
		if (method === 'initialize' && how === 'nonsense-at-start') process.stdout.write('listening on port 80\n');
		else if (method === 'initialize') hello(id);
		else if (method === 'ping' && how !== 'hang') send({id, result: {}});
		else if (method === 'tools/list' && how === 'no-list')
			send({id, error: {code: -32_601, message: 'no such method'}});
		else if (method === 'tools/list' && how === 'paged')
			send({id, result: params?.cursor ? {tools: tools.slice(1)} : {tools: tools.slice(0, 1), nextCursor: 'two'}});
		else if (method === 'tools/list' && how === 'endless-pages') send({id, result: {tools, nextCursor: 'again'}});
		else if (method === 'tools/list') send({id, result: {tools}});
		else if (method === 'tools/call') (answers[how] ?? answers.pid)(id, params);
	}
}
