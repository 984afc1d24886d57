import {expect, test} from 'vitest';
import {parseTool} from '../../../source/tools/parse.ts';
import {createResolver, namesReadBy} from '../../../source/tools/references.ts';
import {formatDiagnostic} from '../../../source/workflow/format-diagnostic.ts';

const file = '/w/.aiworkflow/tools/tracker.yaml';

const definitionOf = (text: string) => {
	const {definition, diagnostics} = parseTool(text, file);
	expect(diagnostics).toEqual([]);
	return definition!;
};

const problemsOf = (text: string) =>
	parseTool(text, file).diagnostics.map(diagnostic => formatDiagnostic(diagnostic, {file: 'tracker.yaml'}));

test('a server as a process is read with its arguments, environment and folder', () => {
	const {name, implementations} = definitionOf(`
description: Issues.
mcp:
  command: npx
  args: [-y, some-server, --port, 8080]
  env: { TOKEN: "\${{ secrets.TOKEN }}", MODE: fast }
  cwd: ./server
pass-env: [LOGIN]
timeout: 20s
`);
	expect(name).toBe('tracker');
	expect(implementations).toEqual([
		{
			id: 'mcp',
			kind: 'mcp',
			passEnv: ['LOGIN'],
			timeoutMs: 20_000,
			server: {
				transport: 'stdio',
				command: 'npx',
				args: ['-y', 'some-server', '--port', '8080'],
				env: {TOKEN: '${{ secrets.TOKEN }}', MODE: 'fast'},
				cwd: './server',
			},
		},
	]);
});

test('several implementations keep their order, their agents, and what the tool says for all of them', () => {
	const {implementations} = definitionOf(`
name: tracker-two
timeout: 5s
implementations:
  - { id: fast, for: claude, mcp: { url: https://example.com/mcp, headers: { authorization: "Bearer \${{ secrets.T }}" } } }
  - { timeout: 1m, module: ./tracker.ts }
  - openapi: { document: ./api.yaml, auth: { key: "\${{ env.KEY }}", login: { username: u, password: p } } }
`);
	expect(implementations.map(({id, agents, timeoutMs}) => ({id, agents, timeoutMs}))).toEqual([
		{id: 'fast', agents: ['claude'], timeoutMs: 5000},
		{id: 'module', agents: undefined, timeoutMs: 60_000},
		{id: 'openapi', agents: undefined, timeoutMs: 5000},
	]);
});

test('the shorthand of inputs becomes a schema that refuses what it does not name', () => {
	const {implementations} = definitionOf(`
script:
  command: [python3, ./tracker.py]
  operations:
    search:
      description: Finds issues.
      args: [find]
      read-only: true
      inputs:
        query: { type: string, required: true }
        limit: { type: integer, default: 10 }
        labels: { type: array, items: string }
        any: any
      outputs: { found: integer, note: { type: string, required: false } }
    close: {}
    raw: { inputs: { type: object, properties: { id: { type: integer, minimum: 1 } }, required: [id] } }
`);
	expect(implementations[0]).toMatchObject({
		output: 'json',
		operations: {
			search: {
				args: ['find'],
				isReadOnly: true,
				inputSchema: {
					type: 'object',
					properties: {
						query: {type: 'string'},
						limit: {type: 'integer', default: 10},
						labels: {type: 'array', items: {type: 'string'}},
						any: {},
					},
					required: ['query'],
					additionalProperties: false,
				},
				outputSchema: {required: ['found']},
			},
			close: {inputSchema: {type: 'object', properties: {}, additionalProperties: false}},
			raw: {inputSchema: {required: ['id'], properties: {id: {minimum: 1}}}},
		},
	});
});

test('what a file gets wrong is told with its place and its mend, all at once', () => {
	expect(
		problemsOf(`descripton: x
timeout: 5
mcp: { comand: npx, args: ["\${{ secrets.T }}"] }
`),
	).toMatchInlineSnapshot(`
		[
		  "tracker.yaml:1:1 error \`descripton\` is not a key of the file of a tool.
		  1 | descripton: x
		    | ^
		  Did you mean \`description\`?",
		  "tracker.yaml:2:10 error \`timeout\` must be a duration with its unit, like \`45m\` or \`1h30m\`, not the number 5.
		  2 | timeout: 5
		    |          ^
		  Say the unit: \`timeout: 5s\` or \`timeout: 5m\`.",
		  "tracker.yaml:3:1 error Nothing says where this server is.
		  3 | mcp: { comand: npx, args: ["\${{ secrets.T }}"] }
		    | ^
		  Add \`command:\` for a process, or \`url:\` for an address.",
		  "tracker.yaml:3:8 error \`comand\` is not a key of \`mcp\`.
		  3 | mcp: { comand: npx, args: ["\${{ secrets.T }}"] }
		    |        ^
		  Did you mean \`command\`?",
		]
	`);
	expect(
		problemsOf(`mcp:
  command: npx -y server
  args: ["\${{ secrets.T }}", "\${{ inputs.x }}"]
  headers: { a: b }
  env: { "1x": y }
`),
	).toMatchInlineSnapshot(`
		[
		  "tracker.yaml:2:12 error \`command\` must be one program, or a list, not the text "npx -y server".
		  2 |   command: npx -y server
		    |            ^
		  Write \`command: [npx, -y, server]\`: no shell reads it.",
		  "tracker.yaml:3:14 error Everybody on this machine can read \`args\`, so it cannot hold a secret.
		  3 |   args: ["\${{ secrets.T }}", "\${{ inputs.x }}"]
		    |              ^
		  Hand it over in \`env:\`.",
		  "tracker.yaml:3:34 error A tool is not part of a run, so \`args\` can read secrets and the environment only.
		  3 |   args: ["\${{ secrets.T }}", "\${{ inputs.x }}"]
		    |                                  ^
		  Write \`\${{ secrets.NAME }}\` or \`\${{ env.NAME }}\`.",
		  "tracker.yaml:4:3 error \`headers\` is for a server at an address.
		  4 |   headers: { a: b }
		    |   ^
		  Remove it.",
		  "tracker.yaml:5:10 error \`1x\` cannot be the name of an environment variable.
		  5 |   env: { "1x": y }
		    |          ^
		  Use letters, digits and \`_\`, and no digit first.",
		]
	`);
	expect(
		problemsOf(`implementations:
  - mcp: { url: example.com }
  - { mcp: { url: http://a }, script: { command: x } }
  - { id: Mcp, script: { command: x, operations: { a b: {}, c: { inputs: { q: strin } } } } }
  - for: [claude]
`),
	).toMatchInlineSnapshot(`
		[
		  "tracker.yaml:2:17 error \`url\` must be an address, not the text "example.com".
		  2 |   - mcp: { url: example.com }
		    |                 ^
		  Begin with \`https://\` or \`http://\`.",
		  "tracker.yaml:3:31 error A tool is one thing: here stand \`mcp\` and \`script\`.
		  3 |   - { mcp: { url: http://a }, script: { command: x } }
		    |                               ^
		  Write \`implementations:\` with a list, the preferred one first.",
		  "tracker.yaml:4:11 error An implementation cannot be called \`Mcp\`.
		  4 |   - { id: Mcp, script: { command: x, operations: { a b: {}, c: { inputs: { q: strin } } } } }
		    |           ^
		  Use lower case letters, digits and \`-\`.",
		  "tracker.yaml:4:52 error An operation cannot be called \`a b\`.
		  4 |   - { id: Mcp, script: { command: x, operations: { a b: {}, c: { inputs: { q: strin } } } } }
		    |                                                    ^
		  Use letters, digits, \`_\`, \`-\` and \`.\`.",
		  "tracker.yaml:4:79 error \`strin\` is not a type.
		  4 |   - { id: Mcp, script: { command: x, operations: { a b: {}, c: { inputs: { q: strin } } } } }
		    |                                                                               ^
		  Did you mean \`string\`?",
		  "tracker.yaml:5:5 error Nothing says what this tool is.
		  5 |   - for: [claude]
		    |     ^
		  Add one of \`mcp:\`, \`openapi:\`, \`script:\` and \`module:\`.",
		]
	`);
	expect(problemsOf('script: {}\nmodule: {}\n')).toMatchInlineSnapshot(`
		[
		  "tracker.yaml:2:1 error A tool is one thing: here stand \`script\` and \`module\`.
		  2 | module: {}
		    | ^
		  Write \`implementations:\` with a list, the preferred one first.",
		]
	`);
	expect(problemsOf('- a\n')).toMatchInlineSnapshot(`
		[
		  "tracker.yaml:1:1 error The file of a tool must be a mapping, not a list.
		  1 | - a
		    | ^
		  Write \`mcp: { command: npx, args: [-y, some-server] }\`, for instance.",
		]
	`);
	expect(parseTool('mcp: { url: http://a }', '/w/tools/My Tool.yaml').diagnostics[0]).toMatchObject({
		code: 'tool.name-invalid',
	});
});

test('values read the secrets and variables they name, and say which one is missing', () => {
	const [implementation] = definitionOf(
		'mcp: { url: "https://${{ env.HOST }}/mcp", headers: { a: "${{ secrets.T }}" } }',
	).implementations;
	expect(namesReadBy(implementation!)).toEqual({secrets: ['T'], env: ['HOST']});
	const resolve = createResolver({secrets: {T: 'x'}, env: {HOST: 'h'}});
	expect(resolve('https://${{ env.HOST }}/mcp $${{')).toBe('https://h/mcp ${{');
	expect(() => createResolver({secrets: {}, env: {}})('${{ secrets.T }}')).toThrow(/secret T, which is not there/);
	expect(() => resolve('${{ steps.a }}')).toThrow(/cannot read `steps.a`/);
});
