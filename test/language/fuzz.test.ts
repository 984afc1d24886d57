import {expect, test} from 'vitest';
import {hasErrors} from '../../source/workflow/diagnostics.ts';
import {formatDiagnostic} from '../../source/workflow/format-diagnostic.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';
import {planLinesOf} from '../../source/workflow/plan.ts';

const valid = `---
name: fuzzed
on: { manual: true }
inputs:
  issue: { type: integer, default: 3 }
  mode: { enum: [fast, slow], default: fast }
outputs:
  risk: \${{ steps.plan.outputs.risk }}
env: { TOKEN: "\${{ secrets.TOKEN }}", A: 'x' }
agent: [claude, codex]
timeout: 45m
---
# Fuzzed

## plan
\`\`\`yaml step
outputs:
  risk: { enum: [low, high] }
env: { B: &b y, C: *b }
\`\`\`
Read <!-- comment --> issue \${{ inputs.issue }} and \${{ format('{0}', inputs.mode) }}.

Step two
--------
~~~sh run
echo "$INPUT_ISSUE" > out
~~~

## Step 3: ship
\`\`\`yaml step
needs: [plan, step-two]
approval: { expires: 4h, on-reject: skip }
if: always() && steps.plan.outputs.risk == 'high'
\`\`\`
Ship?
`;

const control = `---
name: control
inputs: { title: { default: x } }
concurrency: { group: "\${{ run.workflow }}", overlap: skip }
---
# Control

## list
~~~yaml step
outputs: { files: { type: array } }
retry: { max: 3, delay: 1s, backoff: linear, max-delay: 10s, on: [script.failed, agent.*] }
timeout: { attempt: 1m, step: 5m }
~~~
~~~sh run
true
~~~

## fix
~~~yaml step
foreach: steps.list.outputs.files
max-parallel: 2
fail-fast: true
outputs: { risk: string }
cache: { files: ["\${{ item }}"], key: "\${{ index }}", max-age: 1d }
undo: { files: [a, "\${{ item }}"] }
savepoint: fixed
on-interrupt: ask
~~~
Fix \${{ item }}.
~~~sh undo
rm "$STEP_OUTPUT_RISK"
~~~

## build
~~~yaml step
strategy: { matrix: { os: [a, b], node: "\${{ fromJSON(inputs.title) }}" }, fail-fast: false }
uses: ./child.md
with: { os: "\${{ matrix.os }}", list: [1, { a: "\${{ index }}" }] }
~~~

## again
~~~yaml step
repeat: { until: steps.again.outputs.ok, max: 5 }
outputs: { ok: boolean }
~~~
\${{ steps.fix.outputs.*.risk }} \${{ steps.fix.outputs[0].risk }}

## go
~~~yaml step
wait: { signal: go }
timeout: 1h
~~~

## ship
~~~yaml step
approval: { on-reject: { goto: fix, max: 2 } }
~~~
`;

const pieces = [
	'${{',
	'}}',
	'$${{',
	"'",
	'"',
	'`',
	'```',
	'~~~',
	'---\n',
	'\n',
	'\r\n',
	'\r',
	'\t',
	' ',
	'# ',
	'## ',
	'<!--',
	'-->',
	'{',
	'}',
	'[',
	']',
	': ',
	'- ',
	'* ',
	'> ',
	'&x ',
	'*x',
	'!t ',
	'|\n',
	'>-\n',
	'? ',
	'%',
	'@',
	'\\',
	'\u2028',
	'\uFEFF',
	'🎉',
	'\uD800',
	'é',
	'__proto__',
	'constructor',
	'needs: [ship]',
	'if: !x',
	'steps.plan',
	'${{ steps.ship.text }}',
	'yaml step',
	'sh run',
	'<<: *a',
	'foreach: ',
	'item',
	'sh undo',
	'max: 3',
	'null',
	'\0',
];

test.each([
	['the usual steps', valid],
	['everything about how often and how safely', control],
])('five hundred random mutations of a valid workflow never throw: %s', (_, original) => {
	expect(parseWorkflow(original, 'w.md').diagnostics).toEqual([]);
	const random = seededRandom(20_260_730);
	const pick = (limit: number) => Math.floor(random() * limit);
	for (let round = 0; round < 500; round++) {
		let text = original;
		for (let count = 1 + pick(4); count > 0; count--) text = mutated(text, pick);
		const {definition, diagnostics} = parseWorkflow(text, 'w.md');
		const lines = text.split(/\r\n?|\n/);
		expect(definition === undefined, text).toBe(hasErrors(diagnostics));
		for (const [index, diagnostic] of diagnostics.entries()) {
			const before = diagnostics[index - 1];
			expect(diagnostic.line, text).toBeGreaterThanOrEqual(before?.line ?? 1);
			expect(diagnostic.line, text).toBeLessThanOrEqual(lines.length);
			expect(diagnostic.column, text).toBeGreaterThanOrEqual(1);
			expect(diagnostic.column, text).toBeLessThanOrEqual(lines[diagnostic.line - 1]!.length + 1);
			expect(formatDiagnostic(diagnostic)).not.toContain('undefined');
		}

		if (definition) expect(planLinesOf(definition)).toHaveLength(definition.steps.length);
	}
});

const mutated = (text: string, pick: (limit: number) => number): string => {
	const start = pick(text.length);
	const end = Math.min(text.length, start + pick(20));
	switch (pick(5)) {
		case 0:
			return text.slice(0, start) + text.slice(end);
		case 1:
			return text.slice(0, end) + text.slice(start);
		case 2: {
			const lines = text.split('\n');
			const [line] = lines.splice(pick(lines.length), 1);
			lines.splice(pick(lines.length), 0, line!);
			return lines.join('\n');
		}

		case 3:
			return text.slice(0, start) + String.fromCharCode(pick(256)) + text.slice(start + 1);
		default:
			return text.slice(0, start) + pieces[pick(pieces.length)] + text.slice(start);
	}
};

/** Mulberry32: the same mutations every time. */
const seededRandom = (seed: number) => () => {
	seed = (seed + 0x6d2b79f5) | 0;
	let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
	mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
	return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
};
