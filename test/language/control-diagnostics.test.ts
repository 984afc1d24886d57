import {expect, test} from 'vitest';
import {type Case, expectCase, expectProblems, withSteps} from './marked.ts';

/** The keys that say how often, when and with what safety a step is done, and each way to get them wrong. */
const script = '~~~sh run\ntrue\n~~~\n';
const step = (settings: string, rest = script) => withSteps(`## a\n~~~yaml step\n${settings}\n~~~\n${rest}`);
const agent = (settings: string, prompt = 'Do.') => step(settings, `${prompt}\n`);
const frontmatter = (lines: string) => `---\nname: x\ninputs: { a: {} }\n${lines}\n---\n# A\n\n## b\nDo.\n`;
/** A step `fix` with the settings, and one below that reads it. */
const after = (settings: string, prompt: string) =>
	withSteps(`## fix\n~~~yaml step\n${settings}\n~~~\nDo.\n\n## b\n${prompt}\n`);

const concurrencyCases: readonly Case[] = [
	['a group that is a list', frontmatter('concurrency: ▶[a]'), ['value.invalid']],
	['an empty group', frontmatter('concurrency: ▶""'), ['value.invalid'], 'Write `concurrency: deploy`.'],
	['no group', frontmatter('▶concurrency: { overlap: skip }'), ['key.missing']],
	[
		'an unknown key',
		frontmatter('concurrency: { group: a, ▶cancel-in-progress: true }'),
		['key.unknown'],
		'Known here: group, overlap.',
	],
	[
		'an unknown overlap',
		frontmatter('concurrency: { group: a, overlap: ▶cancel }'),
		['value.invalid'],
		'Known here: queue, skip, cancel-previous.',
	],
	[
		'an overlap with a typo',
		frontmatter('concurrency: { group: a, overlap: ▶skpi }'),
		['value.invalid'],
		'Did you mean `skip`?',
	],
	['an unknown input', frontmatter('concurrency: x-${{ inputs.▶b }}'), ['expression.input-unknown']],
	[
		'a group of one run',
		frontmatter('concurrency: x-${{ ▶run.id }}'),
		['expression.context-misplaced'],
		'A group may read `inputs`, `run.workflow` and `run.workspace`.',
	],
	['all of the run', frontmatter('concurrency: "${{ toJSON(▶run) }}"'), ['expression.context-misplaced']],
	['a property that no run has', frontmatter('concurrency: ${{ run.▶workfow }}'), ['expression.property-unknown']],
	[
		'a step',
		frontmatter('concurrency: ${{ ▶steps.b.text }}'),
		['expression.context-misplaced'],
		'A group may read `inputs`, `run.workflow` and `run.workspace`.',
	],
	['a variable', frontmatter('concurrency: ${{ ▶env.A }}'), ['expression.context-misplaced']],
	['a secret', frontmatter('concurrency: ${{ ▶secrets.A }}'), ['secret.misplaced']],
];

const retryCases: readonly Case[] = [
	['a text', step('retry: ▶often'), ['value.invalid'], 'Write `retry: 3` or `retry: { max: 3, delay: 10s }`.'],
	['none', step('retry: ▶0'), ['value.invalid'], 'Write `retry: 3`.'],
	['more than the limit', step('retry: ▶101'), ['value.invalid']],
	['a fraction', step('retry: { max: ▶1.5 }'), ['value.invalid'], 'Write `max: 3`.'],
	['no number', step('▶retry: { delay: 1s }'), ['key.missing'], 'Add `max: 3`.'],
	['an unknown key', step('retry: { max: 3, ▶maxDelay: 1m }'), ['key.unknown'], 'Did you mean `max-delay`?'],
	['a delay without a unit', step('retry: { max: 3, delay: ▶5 }'), ['value.invalid']],
	['a longest delay without a unit', step('retry: { max: 3, max-delay: ▶5 }'), ['value.invalid']],
	[
		'a longest delay that is shorter',
		step('retry: { max: 3, delay: 1m, max-delay: ▶1s }'),
		['retry.delay-capped'],
		'Make it longer, or remove it.',
	],
	[
		'an unknown backoff',
		step('retry: { max: 3, backoff: ▶exponental }'),
		['value.invalid'],
		'Did you mean `exponential`?',
	],
	[
		'a code with a typo',
		agent('retry: { max: 3, on: [agent.crashed, ▶agent.ratelimited] }'),
		['retry.code-unknown'],
		'Did you mean `agent.rate-limited`?',
	],
	[
		'a family with a typo',
		agent('retry: { max: 3, on: ▶agents.* }'),
		['retry.code-unknown'],
		'Did you mean `agent.*`?',
	],
	[
		'everything',
		agent('retry: { max: 3, on: ▶"*" }'),
		['retry.code-unknown'],
		'Name a code such as `script.failed` or `agent.*`, or leave `on` out.',
	],
	['a code that is a mapping', agent('retry: { max: 3, on: ▶{ a: b } }'), ['value.invalid']],
	['an expression', step('retry: ▶"${{ inputs.issue }}"'), ['value.invalid']],
	['on an approval', step('approval: {}\n▶retry: 3', ''), ['key.misplaced'], 'Remove it.'],
	['on a wait', step('wait: 5m\n▶retry: 3', ''), ['key.misplaced'], 'Remove it.'],
	['the `retries` of others', step('▶retries: 3'), ['key.unknown'], 'Write `retry: 3`.'],
];

const timeoutCases: readonly Case[] = [
	['an attempt without a unit', step('timeout: { attempt: ▶5 }'), ['value.invalid']],
	['a step without a unit', step('timeout: { attempt: 5m, step: ▶x }'), ['value.invalid']],
	['an unknown part', step('timeout: { ▶stpe: 5m }'), ['key.unknown'], 'Did you mean `step`?'],
	['an attempt longer than its step', step('timeout: { attempt: ▶2h, step: 1h }'), ['timeout.unreachable']],
	['a list', step('timeout: ▶[5m]'), ['value.invalid']],
	['of an approval', step('approval: {}\n▶timeout: 5m', ''), ['key.misplaced'], 'Write `approval: { expires: 4h }`.'],
	['of a wait that knows when it ends', step('wait: 5m\n▶timeout: 5m', ''), ['key.misplaced'], 'Remove it.'],
	[
		'of the attempts of a wait',
		step('wait: { signal: go }\ntimeout: ▶{ step: 5m }', ''),
		['value.invalid'],
		'Write `timeout: 1h`.',
	],
	['silence without a unit', step('idle-timeout: ▶90'), ['value.invalid']],
	['silence of a workflow that is used', step('uses: ./x.md\n▶idle-timeout: 90s', ''), ['key.misplaced']],
];

const foreachCases: readonly Case[] = [
	[
		'a number',
		step('foreach: ▶3'),
		['value.invalid'],
		'Write `foreach: steps.<id>.outputs.<name>` or `foreach: [a, b]`.',
	],
	['a mapping', step('foreach: ▶{ a: b }'), ['value.invalid']],
	['nothing', step('foreach:▶'), ['value.invalid']],
	[
		'text around the expression',
		step('foreach: ▶${{ inputs.title }}-x'),
		['foreach.mixed'],
		'Keep the expression alone, or write a list.',
	],
	['an expression without its end', step('foreach: ▶${{ inputs.title'), ['expression.unclosed']],
	['a name that is none', step('foreach: ▶files'), ['expression.context-unknown']],
	['an unknown input, without braces', step('foreach: inputs.▶file'), ['expression.input-unknown']],
	['an unknown input in the list', step('foreach: [a, "${{ inputs.▶file }}"]'), ['expression.input-unknown']],
	['the item itself', step('foreach: ▶item'), ['expression.context-misplaced']],
	['a secret', step('foreach: ["${{ ▶secrets.A }}"]'), ['secret.misplaced']],
	['for an approval', step('approval: {}\n▶foreach: [1]', ''), ['key.misplaced']],
	['for a wait', step('wait: 5m\n▶foreach: [1]', ''), ['key.misplaced']],
	['beside a strategy', step('foreach: [1]\n▶strategy: { matrix: { a: [1] } }'), ['key.conflict']],
	['after a strategy', step('strategy: { matrix: { a: [1] } }\n▶foreach: [1]'), ['key.conflict']],
	[
		'beside a repeat',
		step('foreach: [1]\n▶repeat: { until: steps.a.outputs.ok, max: 3 }'),
		['key.conflict'],
		'Put the repeated step into a workflow of its own and name it with `uses:`.',
	],
	['the `for-each` of others', step('▶for-each: [1]'), ['key.unknown'], 'Write `foreach:`.'],
	[
		'as many at once as a text',
		step('foreach: [1]\nmax-parallel: ▶many'),
		['value.invalid'],
		'Write `max-parallel: 3`.',
	],
	['none at once', step('foreach: [1]\nmax-parallel: ▶0'), ['value.invalid']],
	['too many at once', step('foreach: [1]\nmax-parallel: ▶257'), ['value.invalid']],
	['`fail-fast` that is text', step('foreach: [1]\nfail-fast: ▶yes'), ['value.invalid']],
	['`max-parallel` without items', step('▶max-parallel: 2'), ['key.misplaced'], 'Remove it.'],
	['`fail-fast` without items', step('▶fail-fast: true'), ['key.misplaced'], 'Remove it.'],
	['`fail-fast` of an approval', step('approval: {}\n▶fail-fast: true', ''), ['key.misplaced']],
];

const matrixCases: readonly Case[] = [
	['a text', step('strategy: ▶matrix'), ['value.invalid']],
	['no matrix', step('▶strategy: { fail-fast: true }'), ['key.missing']],
	['an unknown key', step('strategy: { matrix: { a: [1] }, ▶max: 3 }'), ['key.unknown']],
	['no axis', step('strategy: { matrix: ▶{} }'), ['value.invalid']],
	['an expression for all', step('strategy: { matrix: ▶"${{ inputs.title }}" }'), ['value.invalid']],
	[
		'an axis that is one value',
		step('strategy: { matrix: { os: ▶linux } }'),
		['value.invalid'],
		'Write `os: [linux]`.',
	],
	['an axis without a value', step('strategy: { matrix: { os: ▶[] } }'), ['value.invalid'], 'Write `os: [a, b]`.'],
	['an axis that is a mapping', step('strategy: { matrix: { os: ▶{ a: b } } }'), ['value.invalid']],
	[
		'an axis with text around its expression',
		step('strategy: { matrix: { os: "▶${{ inputs.title }}x" } }'),
		['matrix.mixed'],
	],
	['an axis that cannot be named', step('strategy: { matrix: { ▶a.b: [1] } }'), ['matrix.name-invalid']],
	['an unknown input', step('strategy: { matrix: { os: "${{ inputs.▶oses }}" } }'), ['expression.input-unknown']],
	[
		'an unknown input in a list',
		step('strategy: { matrix: { os: ["${{ inputs.▶oses }}"] } }'),
		['expression.input-unknown'],
	],
	[
		'more to include',
		step('strategy: { matrix: { os: [a], ▶include: [{ os: b }] } }'),
		['feature.not-built'],
		'List the combinations under `foreach:` for now.',
	],
	['something to exclude', step('strategy: { matrix: { os: [a], ▶exclude: [{ os: a }] } }'), ['feature.not-built']],
	[
		'too many combinations',
		step(
			`strategy:\n  matrix: ▶{ ${['a', 'b', 'c', 'd', 'e'].map(axis => `${axis}: [${Array(10).fill(1).join(', ')}]`).join(', ')} }`,
		),
		['items.too-many'],
	],
	[
		'the same setting twice',
		step('strategy: { matrix: { a: [1] }, max-parallel: 2 }\n▶max-parallel: 3'),
		['key.conflict'],
		'Keep one of them.',
	],
	['a wrong setting inside', step('strategy: { matrix: { a: [1] }, fail-fast: ▶1 }'), ['value.invalid']],
	['beside a repeat', step('strategy: { matrix: { a: [1] } }\n▶repeat: { until: "true", max: 3 }'), ['key.conflict']],
	['for an approval', step('approval: {}\n▶strategy: { matrix: { a: [1] } }', ''), ['key.misplaced']],
	[
		'the `matrix` without its `strategy`',
		step('▶matrix: { a: [1] }'),
		['key.unknown'],
		'Write `strategy: { matrix: { … } }`.',
	],
];

const repeatCases: readonly Case[] = [
	['a number', step('repeat: ▶3'), ['value.invalid'], 'Write `repeat: { until: steps.<id>.outputs.<name>, max: 10 }`.'],
	['no end', step('▶repeat: { max: 3 }'), ['key.missing']],
	['no limit', step('▶repeat: { until: steps.a.outputs.ok }'), ['key.missing'], 'Add `max: 10`.'],
	['an empty end', step('repeat: { until: ▶"", max: 3 }'), ['value.invalid']],
	['too often', step('repeat: { until: "true", max: ▶1001 }'), ['value.invalid']],
	['never', step('repeat: { until: "true", max: ▶0 }'), ['value.invalid']],
	['an unknown key', step('repeat: { until: "true", max: 3, ▶delay: 1s }'), ['key.unknown']],
	['an end with text around it', step('repeat: { until: "▶${{ steps.a.outputs.ok }} == 1", max: 3 }'), ['until.mixed']],
	[
		'an unknown output of itself',
		step('outputs: { done: boolean }\nrepeat: { until: steps.a.outputs.▶doen, max: 3 }'),
		['expression.output-unknown'],
		'Did you mean `done`?',
	],
	[
		'a step below',
		withSteps(`## a\n~~~yaml step\nrepeat: { until: steps.▶b.text, max: 3 }\n~~~\nDo.\n## b\nDo.\n`),
		['expression.step-not-upstream'],
	],
	['a status function', step('repeat: { until: ▶success(), max: 3 }'), ['expression.function-misplaced']],
	['for a workflow that is used', step('uses: ./x.md\n▶repeat: { until: "true", max: 3 }', ''), ['key.misplaced']],
	['for a wait', step('wait: 5m\n▶repeat: { until: "true", max: 3 }', ''), ['key.misplaced']],
	['`until` without `repeat`', step('▶until: "true"'), ['key.unknown'], 'Write `repeat: { until: …, max: 10 }`.'],
	[
		'itself anywhere else',
		step('if: steps.▶a.status', script),
		['expression.step-not-upstream'],
		'Read a step before it; only `until:` of a `repeat` reads its own step.',
	],
];

const usesCases: readonly Case[] = [
	['a list', step('uses: ▶[a]', ''), ['value.invalid']],
	['nothing', step('uses:▶', ''), ['value.invalid']],
	['an expression', step('uses: ▶${{ inputs.title }}', ''), ['expression.misplaced']],
	[
		'an action of GitHub',
		step('uses: ▶actions/checkout@v4', ''),
		['uses.invalid'],
		'Write a path such as `./other.md`, or the name of a workflow of the workspace.',
	],
	['an address', step('uses: ▶https://example.org/x.md', ''), ['uses.invalid']],
	['beside a script', step('uses: ./x.md', '▶~~~sh run\n1\n~~~\n'), ['kind.conflict']],
	['with inputs in a list', step('uses: ./x.md\nwith: ▶[a]', ''), ['value.invalid']],
	['with an input that cannot be named', step('uses: ./x.md\nwith: { ▶a.b: 1 }', ''), ['input.name-invalid']],
	['with an unknown input', step('uses: ./x.md\nwith: { a: "${{ inputs.▶b }}" }', ''), ['expression.input-unknown']],
	[
		'with one deep inside',
		step('uses: ./x.md\nwith: { a: { b: ["${{ inputs.▶b }}"] } }', ''),
		['expression.input-unknown'],
	],
	[
		'with a secret',
		step('uses: ./x.md\nwith: { token: "${{ ▶secrets.TOKEN }}" }', ''),
		['secret.misplaced'],
		'The inputs of a run are journalled. Name the secret in the workflow that is used: `env: { TOKEN: "${{ secrets.TOKEN }}" }`.',
	],
	[
		'with a secret by way of `env`',
		step('uses: ./x.md\nenv: { T: "${{ secrets.TOKEN }}" }\nwith: { token: "${{ env.▶T }}" }', ''),
		['secret.misplaced'],
		'The inputs of a run are journalled. Name the secret in the `env:` of the workflow that is used.',
	],
	[
		'`with` of a script',
		step('▶with: { a: b }'),
		['key.misplaced'],
		'Add `uses: ./other.md`, or hand values over with `env:`.',
	],
	[
		'`outputs`',
		step('uses: ./x.md\n▶outputs: { a: string }', ''),
		['key.misplaced'],
		'Remove it: the outputs are those of the workflow it uses.',
	],
	['an agent', step('uses: ./x.md\n▶agent: claude', ''), ['key.misplaced']],
	['a cache', step('uses: ./x.md\n▶cache: true', ''), ['key.misplaced']],
	['a folder', step('uses: ./x.md\n▶cwd: a', ''), ['key.misplaced']],
];

const signalCases: readonly Case[] = [
	['no name', step('▶wait: {}', ''), ['key.missing']],
	['an empty name', step('wait: { signal: ▶"" }', ''), ['value.invalid'], 'Write `wait: { signal: go }`.'],
	['a list', step('wait: { signal: ▶[a] }', ''), ['value.invalid']],
	['an unknown key', step('wait: { signal: go, ▶timeout: 5m }', ''), ['key.unknown']],
	['an unknown input', step('wait: { signal: "go-${{ inputs.▶isue }}" }', ''), ['expression.input-unknown']],
];

const ask = (onReject: string) =>
	withSteps(
		`## plan\nDo.\n## fix\nDo.\n## ship\n~~~yaml step\napproval: { on-reject: ${onReject} }\n~~~\n## tell\nDo.\n## lint\n~~~yaml step\nneeds: []\n~~~\nDo.\n`,
	);
const gotoCases: readonly Case[] = [
	['an unknown step', ask('{ goto: ▶fxi }'), ['goto.unknown'], 'Did you mean `fix`?'],
	['a step in other letters', ask('{ goto: ▶Fix }'), ['goto.unknown'], 'Did you mean `fix`?'],
	['the approval itself', ask('{ goto: ▶ship }'), ['goto.not-upstream'], 'Name one of `plan` and `fix`.'],
	['a step below', ask('{ goto: ▶tell }'), ['goto.not-upstream']],
	['a step beside', ask('{ goto: ▶lint }'), ['goto.not-upstream']],
	['no step', step('approval: { ▶on-reject: { max: 2 } }', ''), ['key.missing']],
	['an empty step', ask('{ goto: ▶"" }'), ['value.invalid']],
	['too often', ask('{ goto: fix, max: ▶0 }'), ['value.invalid']],
	['an unknown key', ask('{ goto: fix, ▶mx: 2 }'), ['key.unknown'], 'Did you mean `max`?'],
	['the step without `goto`', ask('▶fix'), ['value.invalid'], 'Write `on-reject: { goto: fix }` to go back to a step.'],
	[
		'no step above',
		step('approval: { on-reject: { goto: ▶a } }', ''),
		['goto.not-upstream'],
		'Put the step to go back to above it, or write `on-reject: fail`.',
	],
];

const safetyCases: readonly Case[] = [
	['an unknown `on-interrupt`', step('on-interrupt: ▶again'), ['value.invalid'], 'Known here: retry, ask, fail.'],
	['`on-interrupt` of an approval', step('approval: {}\n▶on-interrupt: retry', ''), ['key.misplaced']],
	['a cache that is text', step('cache: ▶always'), ['value.invalid']],
	['a cache that is nothing', step('cache:▶'), ['value.invalid']],
	['an unknown key of a cache', step('cache: { ▶file: a }'), ['key.unknown'], 'Did you mean `files`?'],
	[
		'files of a cache that are a mapping',
		step('cache: { files: ▶{ a: b } }'),
		['value.invalid'],
		'Write `files: [a, b]`.',
	],
	['an empty file of a cache', step('cache: { files: [a, ▶""] }'), ['value.invalid']],
	['a cache that is good for no time', step('cache: { max-age: ▶7 }'), ['value.invalid']],
	['a key of a cache that is a list', step('cache: { key: ▶[a] }'), ['value.invalid']],
	[
		'an unknown input in a cache',
		step('cache: { files: ["${{ inputs.▶c }}"], key: "${{ inputs.▶b }}" }'),
		['expression.input-unknown', 'expression.input-unknown'],
	],
	['a secret in a cache', step('cache: { key: "${{ ▶secrets.A }}" }'), ['secret.misplaced']],
	['a cache of an approval', step('approval: {}\n▶cache: true', ''), ['key.misplaced']],
	['a savepoint that cannot be named', step('savepoint: ▶before release'), ['savepoint.name-invalid']],
	['a savepoint that is a list', step('savepoint: ▶[a]'), ['value.invalid']],
	[
		'a savepoint twice',
		withSteps('## a\n~~~yaml step\nsavepoint: built\n~~~\nDo.\n## b\n~~~yaml step\nsavepoint: ▶built\n~~~\nDo.\n'),
		['savepoint.duplicate'],
		'Give one of them another name.',
	],
	[
		'an undo that is a command',
		step('undo: ▶rm x'),
		['value.invalid'],
		'Write `undo: git`, `undo: { files: [path] }` or `undo: { tool: github.close-issue, with: {…} }`; a script goes into a `sh undo` fence.',
	],
	['an undo without files', step('▶undo: {}'), ['key.missing']],
	['an undo of no file', step('undo: { files: ▶[] }'), ['value.invalid'], 'Write `undo: { files: [path] }`.'],
	['an undo of an empty file', step('undo: { files: [▶""] }'), ['value.invalid']],
	['an unknown key of an undo', step('undo: { files: [a], ▶git: true }'), ['key.unknown']],
	['an unknown input in an undo', step('undo: { files: ["${{ inputs.▶b }}"] }'), ['expression.input-unknown']],
	['an undo of an approval', step('approval: {}\n▶undo: git', ''), ['key.misplaced']],
	[
		'an undo of a workflow that is used',
		step('uses: ./x.md\n▶undo: git', ''),
		['key.misplaced'],
		'Put `undo` into the steps of the workflow it uses, or write a `sh undo` fence.',
	],
];

const undo = (code: string, start = '') =>
	step('outputs: { file-name: string }', `${script}${start}~~~sh undo\n${code}~~~\n`);
const undoFenceCases: readonly Case[] = [
	['two of them', `${undo('1\n')}▶~~~sh undo\n2\n~~~\n`, ['fence.duplicate']],
	['an empty one', undo('', '▶'), ['script.empty']],
	['another language', step('', `${script}~~~▶ruby undo\n1\n~~~\n`), ['fence.language']],
	[
		'one of an approval',
		step('approval: {}', '▶~~~sh undo\n1\n~~~\n'),
		['fence.misplaced'],
		'Remove it: this step changes nothing.',
	],
	['one of a wait', step('wait: 5m', '▶~~~sh undo\n1\n~~~\n'), ['fence.misplaced']],
	['one without a step', withSteps('▶## a\n~~~sh undo\n1\n~~~\n'), ['step.empty']],
	[
		'an expression',
		undo('rm ▶${{ inputs.title }}\n'),
		['script.interpolated'],
		'Write `env: { TITLE: "${{ inputs.title }}" }` in the `yaml step` fence and use `$TITLE` in the script.',
	],
	[
		'an output of the step itself',
		undo('rm ▶${{ steps.a.outputs.file-name }}\n'),
		['script.interpolated'],
		'Use `$STEP_OUTPUT_FILE_NAME`: an `undo` script has the outputs of its step.',
	],
];

const loopCases: readonly Case[] = [
	[
		'an item without items',
		agent('model: x', '${{ ▶item }}'),
		['expression.context-misplaced'],
		'Add one, or read `inputs` or `steps`.',
	],
	['a number without items', agent('model: x', '${{ ▶index }}'), ['expression.context-misplaced']],
	['a combination without a matrix', agent('model: x', '${{ ▶matrix.os }}'), ['expression.context-misplaced']],
	[
		'a combination of items',
		agent('foreach: [1]', '${{ ▶matrix.os }}'),
		['expression.context-misplaced'],
		'Did you mean `item`?',
	],
	[
		'an item of a matrix',
		agent('strategy: { matrix: { os: [a] } }', '${{ ▶item }}'),
		['expression.context-misplaced'],
		'Did you mean `matrix.os`?',
	],
	[
		'an unknown axis',
		agent('strategy: { matrix: { system: [a] } }', '${{ matrix.▶sytem }}'),
		['matrix.axis-unknown'],
		'Did you mean `system`?',
	],
	['an item in `if`', agent('foreach: [1]\nif: ▶item == 1'), ['expression.context-misplaced']],
	['an item in the `env` of the workflow', frontmatter('env: { A: "${{ ▶item }}" }'), ['expression.context-misplaced']],
	['an item in the results', frontmatter('outputs: { a: "${{ ▶item }}" }'), ['expression.context-misplaced']],
	['an item in a question', step('approval: {}', 'Ship ${{ ▶index }}?\n'), ['expression.context-misplaced']],
	[
		'an output of items without saying which',
		after('foreach: [1]\noutputs: { risk: string }', '${{ steps.fix.outputs.▶risk }}'),
		['expression.outputs-listed'],
		'Write `steps.fix.outputs.*.risk`, or `steps.fix.outputs[0].risk` for one.',
	],
	[
		'an unknown output of every item',
		after('foreach: [1]\noutputs: { risk: string }', '${{ steps.fix.outputs.*.▶rsk }}'),
		['expression.output-unknown'],
		'Did you mean `risk`?',
	],
	[
		'an unknown output of one item',
		after('strategy: { matrix: { a: [1] } }\noutputs: { risk: string }', '${{ steps.fix.outputs[0].▶rsk }}'),
		['expression.output-unknown'],
	],
	[
		'an output of items without `outputs`',
		after('foreach: [1]\noutputs: { risk: string }', '${{ steps.fix.▶risk }}'),
		['expression.property-unknown'],
		'Did you mean `steps.fix.outputs.*.risk`?',
	],
];

const groups = {
	concurrencyCases,
	retryCases,
	timeoutCases,
	foreachCases,
	matrixCases,
	repeatCases,
	usesCases,
	signalCases,
	gotoCases,
	safetyCases,
	undoFenceCases,
	loopCases,
};

for (const [group, cases] of Object.entries(groups)) {
	test.each(cases.map(each => [each[0], each] as const))(`${group}: %s`, (_, each) => expectCase(each));
}

test('settings that cannot be read hide no mistake elsewhere, and make none', () => {
	expectProblems(
		withSteps(
			'## a\n~~~yaml step\nforeach: ▶[1\n~~~\n${{ item }} ${{ matrix.x }}\n\n## b\n${{ steps.a.outputs.risk }} ${{ ▶item }}\n',
		),
		['yaml.invalid', 'expression.context-misplaced'],
	);
});

test('a matrix with a mistake still has its axes', () => {
	const [first] = expectProblems(agent('strategy: { matrix: { os: ▶linux } }', '${{ matrix.os }} ${{ matrix.▶oss }}'), [
		'value.invalid',
		'matrix.axis-unknown',
	]);
	expect(first!.message).toBe(
		'`os` must be a list with a value, or an expression that gives a list, not the text "linux".',
	);
});
