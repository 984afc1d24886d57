import {expect, test} from 'vitest';
import {type Case, expectCase, expectProblems, withSteps} from './marked.ts';

const frontmatter = (lines: string) => `---\nname: x\n${lines}\n---\n# A\n\n## b\nDo.\n`;
const step = (settings: string, rest = 'Do.\n') => withSteps(`## a\n~~~yaml step\n${settings}\n~~~\n${rest}`);
const prompt = (text: string) => withSteps(`## a\n~~~yaml step\noutputs: { risk: string }\n~~~\nx\n## b\n${text}\n`);

const frontmatterCases: readonly Case[] = [
	['a missing name', '▶---\ndescription: x\n---\n# A\n\n## b\nDo.\n', ['name.missing']],
	['an empty name', '---\nname: ▶""\n---\n# A\n\n## b\nDo.\n', ['value.invalid']],
	['frontmatter of comments only', '▶---\n# name: x\n---\n# A\n\n## b\nDo.\n', ['name.missing']],
	['frontmatter that is a list', '---\n▶- name\n---\n# A\n\n## b\nDo.\n', ['settings.invalid']],
	['a key with a typo', frontmatter('▶agents: claude'), ['key.unknown'], 'Did you mean `agent`?'],
	['a key that is not built', frontmatter('▶vars: { a: 1 }'), ['feature.not-built']],
	[
		'a budget of nothing',
		frontmatter('▶budget: { period: day }'),
		['key.missing'],
		'Write `budget: { usd: 2.00, on-exceed: pause }`.',
	],
	['a budget below 0', frontmatter('budget: { usd: ▶-1 }'), ['value.invalid'], 'Write `usd: 2.00`.'],
	['a budget with an unknown end', frontmatter('budget: { usd: 1, on-exceed: ▶ask }'), ['value.invalid']],
	['an alert that is no share', frontmatter('budget: { usd: 1, alert-at: ▶80 }'), ['value.invalid']],
	['minutes of a day', frontmatter('budget: { ▶minutes: 5, period: day }'), ['key.misplaced']],
	['permissions that are a list', frontmatter('permissions: ▶[write]'), ['value.invalid']],
	['an unknown permission', frontmatter('permissions: { ▶exec: [ls] }'), ['key.unknown']],
	['a permission that leads out', frontmatter('permissions: { write: [▶../x/**] }'), ['permissions.outside']],
	['triggers in a list', frontmatter('on: [manual, ▶webhook]'), ['key.missing']],
	['an unknown trigger', frontmatter('on: ▶manul'), ['trigger.unknown'], 'Did you mean `manual`?'],
	['`manual: false`', frontmatter('on: { manual: ▶false }'), ['value.invalid'], 'Write `on: manual`.'],
	[
		'a duration without a unit',
		frontmatter('timeout: ▶45'),
		['value.invalid'],
		'Say the unit: `timeout: 45s` or `timeout: 45m`.',
	],
	['an expression where none can be', frontmatter('agent: "▶${{ inputs.x }}"'), ['expression.misplaced']],
	['a variable name with a dash', frontmatter('env:\n  ▶A-B: 1'), ['env.name-invalid']],
	['a variable that is ours', frontmatter('env:\n  ▶OUTPUT: 1'), ['env.name-reserved']],
	['a pattern in `pass-env`', frontmatter('pass-env: [A, ▶AWS_*]'), ['env.name-invalid']],
	['a key twice', frontmatter('version: 1\n▶version: 2'), ['yaml.key-duplicate']],
	[
		'steps in the `env` of the workflow',
		frontmatter('env:\n  A: ${{ ▶steps.b.text }}'),
		['expression.context-misplaced'],
	],
	[
		'an unknown output in `outputs`',
		frontmatter('outputs:\n  a: ${{ steps.b.outputs.▶risk }}'),
		['expression.output-unknown'],
	],
	['a secret in `outputs`', frontmatter('outputs:\n  a: ${{ ▶secrets.X }}'), ['secret.misplaced']],
	[
		'a variable of `pass-env` in an expression',
		frontmatter('pass-env: HOST\noutputs:\n  a: ${{ env.▶HOST }}'),
		['expression.env-unknown'],
	],
];

const inputCases: readonly Case[] = [
	['an unknown type', frontmatter('inputs:\n  a: { type: ▶int }'), ['input.type-unknown'], 'Did you mean `integer`?'],
	[
		'a type with a typo',
		frontmatter('inputs:\n  a: { type: ▶strnig }'),
		['input.type-unknown'],
		'Did you mean `string`?',
	],
	[
		'a default of another type',
		frontmatter('inputs:\n  a: { default: ▶3 }'),
		['input.default-invalid'],
		'Write `type: integer`, or mend the value.',
	],
	[
		'a default outside the choices',
		frontmatter('inputs:\n  a: { enum: [x, y], default: ▶z }'),
		['input.default-invalid'],
	],
	[
		'a default that the pattern refuses',
		frontmatter("inputs:\n  a: { pattern: '\\d+', default: ▶x1 }"),
		['input.default-invalid'],
	],
	['a choice of another type', frontmatter('inputs:\n  a: { type: integer, enum: [1, ▶two] }'), ['input.enum-invalid']],
	['a pattern that is none', frontmatter("inputs:\n  a: { pattern: ▶'(' }"), ['input.pattern-invalid']],
	['a pattern for a number', frontmatter("inputs:\n  a: { type: number, pattern: ▶'1' }"), ['input.pattern-invalid']],
	['`required` that is no boolean', frontmatter('inputs:\n  a: { required: ▶yes }'), ['value.invalid']],
	['two inputs for one variable', frontmatter('inputs:\n  my-input: {}\n  ▶my_input: {}'), ['input.name-collision']],
	['an input that cannot be named', frontmatter('inputs:\n  ▶1st: {}'), ['input.name-invalid']],
	[
		'an input that is only a type',
		frontmatter('inputs:\n  a: ▶integer'),
		['value.invalid'],
		'Write `a: { type: integer }`.',
	],
	[
		'an unknown key of an input',
		frontmatter('inputs:\n  a: { ▶requried: true }'),
		['key.unknown'],
		'Did you mean `required`?',
	],
];

const stepCases: readonly Case[] = [
	['a key with a typo', step('▶need: []'), ['key.unknown'], 'Did you mean `needs`?'],
	['a key in another style', step('▶continueOnError: true'), ['key.unknown'], 'Did you mean `continue-on-error`?'],
	['a key that is not built', step('▶prompt-file: x.md'), ['feature.not-built']],
	['a budget of a step with a period', step('budget: { usd: 1, ▶period: day }'), ['key.misplaced']],
	['a failover that is neither', step('on-failover: ▶undo'), ['value.invalid']],
	['a failover for an unknown code', step('on-failover: { on: [▶agent.tired] }'), ['failover.code-unknown']],
	['a prompt in a file', step('▶prompt-file: plan.md', ''), ['feature.not-built']],
	['a boolean that is text', step('continue-on-error: ▶yes'), ['value.invalid']],
	['a bad duration', step('timeout: ▶soon'), ['value.invalid']],
	['settings that are text', step('▶just text'), ['settings.invalid']],
	['a list for a text', step('cwd: ▶[a]'), ['value.invalid']],
	['an empty `if`', step('if:▶'), ['value.invalid']],
	['`if` with braces and more', step('if: ▶${{ inputs.issue }} && true'), ['if.mixed']],
	['`if` that begins with `!`', step('if: ▶!cancelled()'), ['yaml.tag'], 'Quote the value: `"!cancelled()"`.'],
	['`if` with quotes first', step("if: 'a' ▶== 'b'"), ['yaml.invalid'], "Write `if: \"'a' == 'b'\"`."],
	[
		'an id that no expression can name',
		step('id: ▶"2nd"'),
		['step.id-invalid'],
		'Give the step `id: a` in its `yaml step` fence.',
	],
	[
		'a heading whose slug is no id',
		withSteps('▶## 2nd pass\nDo.\n'),
		['step.id-invalid'],
		'Give the step `id: step-2nd-pass` in its `yaml step` fence.',
	],
	[
		'a heading in another alphabet',
		withSteps('▶## Prüfen\nDo.\n'),
		['step.id-invalid'],
		'Give the step `id: prufen` in its `yaml step` fence.',
	],
	[
		'a heading without letters',
		withSteps('▶## 🎉\nDo.\n'),
		['step.id-invalid'],
		'Give the step `id: step-1` in its `yaml step` fence.',
	],
	['an empty heading', withSteps('▶##\nDo.\n'), ['step.id-invalid']],
	['a step with nothing', withSteps('▶## a\n\n## b\nDo.\n'), ['step.empty']],
	['a step with settings only', withSteps('▶## a\n~~~yaml step\nmodel: opus\n~~~\n'), ['step.empty']],
	['two kinds at once', step('approval: {}\n▶wait: 5m'), ['kind.conflict']],
	['a script that is an approval', step('approval: {}', '▶~~~sh run\ntrue\n~~~\n'), ['kind.conflict']],
	['a prompt key on a script', step('▶model: opus', '~~~sh run\ntrue\n~~~\n'), ['key.misplaced']],
	['outputs of an approval', step('approval: {}\n▶outputs: { x: string }'), ['key.misplaced']],
	['an approval that is text', step('approval: ▶maybe'), ['value.invalid']],
	['an unknown approval option', step('approval: { ▶expire: 4h }'), ['key.unknown'], 'Did you mean `expires`?'],
	['an approval option that is not built', step('approval: { ▶approvers: [ann] }'), ['feature.not-built']],
	['a bad `on-reject`', step('approval: { on-reject: ▶skipp }'), ['value.invalid'], 'Did you mean `skip`?'],
	['a wait without a unit', step('wait: ▶30'), ['value.invalid'], 'Say the unit: `wait: 30s`.'],
	['an unknown type of an output', step('outputs: { x: ▶strin }'), ['outputs.type-unknown'], 'Did you mean `string`?'],
	[
		'an unknown word in an output',
		step('outputs: { x: { type: string, ▶enmu: [a] } }'),
		['outputs.schema-invalid'],
		'Did you mean `enum`?',
	],
	[
		'an output that is a list',
		step('outputs: { x: ▶[low, high] }'),
		['outputs.schema-invalid'],
		'Write `{ enum: [low, high] }` for one of these values.',
	],
	[
		'a schema that is none',
		step('outputs:\n  ▶type: object\n  properties: { a: { minLength: x } }'),
		['outputs.schema-invalid'],
	],
	['an output that cannot be named', step('outputs: { ▶a.b: string }'), ['outputs.name-invalid']],
];

const otherCases: readonly Case[] = [
	['the `run:` of GitHub Actions', step('▶run: npm test'), ['key.unknown'], 'Write the script in a `sh run` fence.'],
	[
		'text right above a rule',
		withSteps('## a\nx\n\n▶Text\n---\n'),
		['step.empty'],
		'A line right above `---` is a heading: put an empty line between them if it is text.',
	],
	['a line indented too little', step('env:\n  A: 1\n▶ B: 2'), ['yaml.invalid'], 'Align it with the lines around it.'],
	[
		'YAML nested too deep',
		step(`needs: ${'['.repeat(80)}${']'.repeat(80)}`).replace('['.repeat(65), `${'['.repeat(64)}▶[`),
		['yaml.too-deep'],
	],
];

const fenceCases: readonly Case[] = [
	['two scripts', withSteps('## a\n~~~sh run\n1\n~~~\n▶~~~sh run\n2\n~~~\n'), ['fence.duplicate']],
	['an unknown language', withSteps('## a\n~~~▶ruby run\n1\n~~~\nDo.\n'), ['fence.language']],
	[
		'a language by another name',
		withSteps('## a\n~~~▶javascript run\n1\n~~~\nDo.\n'),
		['fence.language'],
		'Did you mean `js`?',
	],
	['settings that are not YAML', withSteps('## a\n~~~▶json step\n{}\n~~~\nDo.\n'), ['fence.language']],
	[
		'a role with a typo',
		withSteps('## a\n▶~~~yaml stpe\nmodel: x\n~~~\nDo.\n'),
		['fence.role-unknown'],
		'Did you mean `yaml step`?',
	],
	['a third word', withSteps('## a\n▶~~~sh run now\n1\n~~~\n'), ['fence.word-unknown']],
	['a fence that is never closed', withSteps('## a\nDo.\n\n▶~~~\ntext\n\n## b\nDo.\n'), ['fence.unclosed']],
	['a comment that is never closed', withSteps('## a\nDo.\n\n▶<!-- text\n\n## b\nDo.\n'), ['comment.unclosed']],
	['a script in a list', withSteps('## a\nDo.\n\n- ▶~~~sh run\n  1\n  ~~~\n'), ['fence.nested']],
	['a script before the first step', withSteps('▶~~~sh run\n1\n~~~\n\n## a\nDo.\n'), ['fence.outside']],
	['an empty script', withSteps('## a\n▶~~~sh run\n~~~\n'), ['script.empty']],
	['no steps', '---\nname: x\n---\n▶# A\n\nText.\n', ['steps.missing']],
	['no body', '---\nname: x\n---\n▶', ['steps.missing']],
	['no title', '---\nname: x\n---\n▶## a\nDo.\n', ['title.missing']],
];

const needsCases: readonly Case[] = [
	[
		'an unknown step',
		withSteps('## plan\nx\n## b\n~~~yaml step\nneeds: [▶pln]\n~~~\nx\n'),
		['needs.unknown'],
		'Did you mean `plan`?',
	],
	['a step that needs itself', withSteps('## a\n~~~yaml step\nneeds: [▶a]\n~~~\nx\n'), ['needs.cycle']],
	[
		'a cycle through steps that do not say what they need',
		withSteps('## a\n~~~yaml step\nneeds: [▶c]\n~~~\nx\n## b\nx\n## c\nx\n'),
		['needs.cycle'],
	],
	[
		'two cycles',
		withSteps(
			'## a\n~~~yaml step\nneeds: [▶b]\n~~~\nx\n## b\n~~~yaml step\nneeds: [a]\n~~~\nx\n## c\n~~~yaml step\nneeds: [▶d]\n~~~\nx\n## d\n~~~yaml step\nneeds: [c]\n~~~\nx\n',
		),
		['needs.cycle', 'needs.cycle'],
	],
	['the same heading twice', withSteps('## a\nx\n▶## a\nx\n'), ['step.duplicate']],
	['ids that differ in case only', withSteps('## a\nx\n## b\n~~~yaml step\nid: ▶A\n~~~\nx\n'), ['step.duplicate']],
	[
		'a branch that nothing waits for',
		withSteps(
			'## a\nx\n## b\n~~~yaml step\nneeds: [a]\n~~~\nx\n## c\n~~~yaml step\nneeds: [a]\n~~~\nx\n▶## d\nx\n## e\nx\n',
		),
		['needs.branch-left-out'],
		'Write `needs: [c, b]` to wait for it, or `needs: [c]` not to.',
	],
];

const expressionCases: readonly Case[] = [
	['an unknown context', prompt('${{ ▶step.a.text }}'), ['expression.context-unknown'], 'Did you mean `steps`?'],
	[
		'an input without its context',
		prompt('${{ ▶issue }}'),
		['expression.context-unknown'],
		'Did you mean `inputs.issue`?',
	],
	[
		'a step without its context',
		prompt('${{ ▶a.outputs.risk }}'),
		['expression.context-unknown'],
		'Did you mean `steps.a`?',
	],
	['an unknown input', prompt('${{ inputs.▶isue }}'), ['expression.input-unknown'], 'Did you mean `issue`?'],
	[
		'an unknown input by index',
		prompt("${{ inputs['▶isue'] }}"),
		['expression.input-unknown'],
		'Did you mean `issue`?',
	],
	['an unknown step', prompt('${{ steps.▶aa.text }}'), ['expression.step-unknown'], 'Did you mean `a`?'],
	['an unknown output', prompt('${{ steps.a.outputs.▶rsk }}'), ['expression.output-unknown'], 'Did you mean `risk`?'],
	[
		'an output without `outputs`',
		prompt('${{ steps.a.▶risk }}'),
		['expression.property-unknown'],
		'Did you mean `steps.a.outputs.risk`?',
	],
	['an unknown property of a step', prompt('${{ steps.a.▶stdout }}'), ['expression.property-unknown']],
	[
		'an unknown property of an error',
		prompt('${{ steps.a.error.▶kode }}'),
		['expression.property-unknown'],
		'Did you mean `code`?',
	],
	[
		'an unknown property of the run',
		prompt('${{ run.▶nubmer }}'),
		['expression.property-unknown'],
		'Did you mean `number`?',
	],
	['an unknown variable', prompt('${{ env.▶REGOIN }}'), ['expression.env-unknown'], 'Did you mean `REGION`?'],
	['a step that reads itself', prompt('${{ steps.▶b.text }}'), ['expression.step-not-upstream']],
	[
		'a secret in a prompt',
		prompt('${{ ▶secrets.KEY }}'),
		['secret.misplaced'],
		'Give it to a script with `env: { KEY: "${{ secrets.KEY }}" }`.',
	],
	['a context that is not built', prompt('${{ ▶vars.os }}'), ['feature.not-built']],
	['a step that is not named', prompt('${{ ▶steps[inputs.title].text }}'), ['expression.dynamic']],
	['an unknown function', prompt('${{ ▶tojsn(inputs) }}'), ['expression.function-unknown'], 'Did you mean `toJSON`?'],
	['a function of JavaScript', prompt('${{ ▶constructor(1) }}'), ['expression.function-unknown']],
	['a status function in a prompt', prompt('${{ ▶success() }}'), ['expression.function-misplaced']],
	['too few arguments', prompt("${{ ▶contains('a') }}"), ['expression.invalid']],
	[
		'double quotes',
		prompt('${{ inputs.title == ▶"x" }}'),
		['expression.invalid'],
		"Expressions quote text with single quotes: 'text'.",
	],
	['one equals sign', prompt("${{ inputs.title ▶= 'x' }}"), ['expression.invalid'], 'Compare with `==`.'],
	['a missing end', prompt('${{ inputs.issue ▶&& }}'), ['expression.invalid']],
	['nothing between the braces', prompt('${{▶ }}'), ['expression.invalid']],
	['braces that are never closed', prompt('▶${{ inputs.issue'), ['expression.unclosed']],
	[
		'several mistakes in one expression',
		prompt('${{ inputs.▶a == steps.▶c.text && ▶foo() }}'),
		['expression.input-unknown', 'expression.step-unknown', 'expression.function-unknown'],
	],
	['a mistake in a code block of the prompt', prompt('~~~\n  ${{ inputs.▶isue }}\n~~~'), ['expression.input-unknown']],
	[
		'a mistake after a comment and a fence',
		prompt('<!-- ${{ foo }} -->\n\n~~~yaml step\nmodel: opus\n~~~\n\nA ${{ inputs.▶isue }}'),
		['expression.input-unknown'],
	],
	['a mistake in a plain value', step('env:\n  A: x ${{ inputs.▶isue }}'), ['expression.input-unknown']],
	['a mistake in double quotes', step('env: { A: "\\"${{ inputs.▶isue }}\\u0041" }'), ['expression.input-unknown']],
	['a mistake in single quotes', step("env: { A: 'it''s ${{ inputs.▶isue }}' }"), ['expression.input-unknown']],
	[
		'a mistake in a literal block',
		step('stdin: |\n  one\n    two ${{ inputs.▶isue }}\n', '~~~sh run\n1\n~~~\n'),
		['expression.input-unknown'],
	],
	[
		'a mistake in a folded block',
		step('stdin: >-\n  one\n  two\n\n  ${{ inputs.▶isue }}\n', '~~~sh run\n1\n~~~\n'),
		['expression.input-unknown'],
	],
	[
		'a mistake in a value over two lines',
		step('env:\n  A: one\n    ${{ inputs.▶isue }}'),
		['expression.input-unknown'],
	],
	['a mistake in `if`', step('if: ${{ inputs.▶isue }}'), ['expression.input-unknown']],
	['a mistake in a question', step('approval: {}', 'Ship ${{ inputs.▶isue }}?\n'), ['expression.input-unknown']],
	[
		'a mistake where an anchor stands',
		step('env: { A: &a "${{ inputs.▶isue }}", B: *a }'),
		['expression.input-unknown'],
	],
	['the env of the step inside it', step('env: { A: "1", B: "${{ env.▶A }}" }'), ['expression.env-unknown']],
	[
		'a secret by way of `env`',
		withSteps('## a\n~~~yaml step\nenv: { T: "${{ secrets.KEY }}" }\n~~~\nUse ${{ env.▶T }}.\n'),
		['secret.misplaced'],
	],
	...['toJSON(▶env)', '▶env', 'join(▶env.*)', '▶env[inputs.title]'].map(
		(expression): Case => [
			`a secret by way of all of \`env\`: ${expression}`,
			withSteps(`## a\n~~~yaml step\nenv: { T: "\${{ secrets.KEY }}" }\n~~~\nUse \${{ ${expression} }}.\n`),
			['secret.misplaced'],
			'Name the variables that are needed, as in `env.NAME`.',
		],
	),
	[
		'a secret by way of a variable in other letters',
		frontmatter('env: { TOKEN: "${{ secrets.KEY }}" }').replace(
			'Do.',
			'~~~yaml step\nenv: { COPY: "${{ env.token }}" }\n~~~\nUse ${{ env.▶copy }}.',
		),
		['secret.misplaced'],
	],
	[
		'an output of a wait',
		withSteps('## a\n~~~yaml step\nwait: 5m\n~~~\n## b\n${{ steps.a.outputs.▶x }}\n'),
		['expression.output-unknown'],
	],
	[
		'an unknown output of an approval',
		withSteps('## a\n~~~yaml step\napproval: {}\n~~~\n## b\n${{ steps.a.outputs.▶descision }}\n'),
		['expression.output-unknown'],
		'Did you mean `decision`?',
	],
	[
		'a step that is not upstream',
		withSteps(
			'## a\nx\n## b\n~~~yaml step\nneeds: []\n~~~\n${{ steps.▶a.text }}\n## c\n~~~yaml step\nneeds: [a, b]\n~~~\nx\n',
		),
		['expression.step-not-upstream'],
		'Write `needs: [a]`.',
	],
	[
		'a step that runs later',
		withSteps('## a\n${{ steps.▶b.text }}\n## b\nx\n'),
		['expression.step-not-upstream'],
		'Read a step before it.',
	],
];

const yamlCases: readonly Case[] = [
	['a list without its end', step('needs: ▶[a, b\nif: true'), ['yaml.invalid'], 'Add the `]`.'],
	['a quote without its end', step('env:\n  A: ▶"x\n  B: y'), ['yaml.invalid'], 'Close it.'],
	['a tab', step('env:\n▶\tA: x'), ['yaml.invalid'], 'Indent with spaces.'],
	['a second colon', step('if: ▶a: b'), ['yaml.invalid']],
	['a line without a colon', step('timeout: 5m\n▶model'), ['yaml.invalid'], 'Write `key: value`.'],
	['a reserved character', step('model: ▶@x'), ['yaml.invalid'], 'Write `model: "@x"`.'],
	['a second document', step('timeout: 5m\n▶---\nmodel: x'), ['yaml.invalid']],
	['an unknown anchor', step('model: ▶*fast'), ['yaml.alias-unknown']],
	['a key twice', step('model: a\n▶model: b'), ['yaml.key-duplicate']],
	['a merge key', step('env:\n  ▶<<: { A: b }'), ['yaml.key-invalid']],
	['a key that is a list', step('? ▶[a]\n: b'), ['yaml.key-invalid']],
	[
		'an unquoted expression in flow style',
		step('env: { A: ▶${{ inputs.issue }}, B: "x" }'),
		['yaml.unquoted-expression'],
		'Write `env: { A: "${{ inputs.issue }}", B: "x" }`.',
	],
	[
		'a storm of them, one problem a line',
		step(
			"env: {\n  A: ▶a/${{ inputs.issue }}/b, B: ${{ inputs.issue }},\n  C: ▶${{ inputs.title == 'x' }}\n}\nneeds: []",
		),
		['yaml.unquoted-expression', 'yaml.unquoted-expression'],
		'Write `A: "a/${{ inputs.issue }}/b", B: "${{ inputs.issue }}",`.',
	],
	[
		'an unquoted expression with a mistake in it',
		step('env: { A: ▶${{ inputs.▶isue }} }'),
		['yaml.unquoted-expression', 'expression.input-unknown'],
	],
	[
		'an unquoted expression in a list',
		frontmatter('agent: [▶▶${{ inputs.a }}]'),
		['expression.misplaced', 'yaml.unquoted-expression'],
	],
];

const nbsp = '\u00A0';
const slipCases: readonly Case[] = [
	[
		'a heading without a space',
		withSteps('## a\nx\n▶##Fix it\nDo.\n'),
		['heading.space-missing'],
		'Write `## Fix it`.',
	],
	[
		'a heading with a non-breaking space',
		withSteps(`## a\nx\n\n▶##${nbsp}Fix it\nDo.\n`),
		['heading.space-missing'],
		'Write `## Fix it`.',
	],
	[
		'a fence the wrong way round',
		withSteps('## a\n▶~~~run sh\n1\n~~~\n'),
		['fence.role-unknown'],
		'Did you mean `sh run`?',
	],
	[
		'a script whose fence has no role',
		withSteps('## a\n▶~~~sh\nnpm test\n~~~\n\n## b\nExplain this:\n~~~sh\nls\n~~~\n'),
		['fence.role-missing'],
		'Write `sh run` to run it as a script.',
	],
	['a fence in braces', withSteps('## a\n▶~~~{sh run}\n1\n~~~\n'), ['fence.role-unknown'], 'Did you mean `sh run`?'],
	[
		'a fence with a non-breaking space',
		withSteps(`## a\n▶~~~yaml${nbsp}step\nmodel: x\n~~~\nDo.\n`),
		['fence.role-unknown'],
		'Did you mean `yaml step`?',
	],
	[
		'settings with a non-breaking space',
		step(`env:\n▶${nbsp}${nbsp}A: 1`),
		['yaml.space-invalid'],
		'Type the space anew.',
	],
	[
		'a colon with a non-breaking space',
		step(`▶model:${nbsp}opus`),
		['settings.invalid'],
		'Write `model: opus`, with a usual space after the colon.',
	],
	[
		'a colon without a space',
		step('▶model:opus'),
		['settings.invalid'],
		'Write `model: opus`, with a usual space after the colon.',
	],
	[
		'typographic quotes in an expression',
		prompt('${{ inputs.title == ▶“x” }}'),
		['expression.invalid'],
		"Quote text with straight single quotes: 'text'.",
	],
	[
		'a non-breaking space in an expression',
		prompt(`\${{▶${nbsp}inputs.title }}`),
		['expression.invalid'],
		'Replace the non-breaking space by a usual one.',
	],
	[
		'an expression that YAML cuts off as a comment',
		step("env:\n  A: ▶${{ format('a #{0}', inputs.title) }}"),
		['yaml.comment'],
		'Put the whole value into double quotes.',
	],
	[
		'braces without the dollar sign',
		step('env:\n  A: ▶{{ inputs.title }}'),
		['yaml.double-brace'],
		'Write `"${{ … }}"` for an expression, in quotes.',
	],
	[
		'needs in a text with commas',
		withSteps('## a\nx\n## b\nx\n## c\n~~~yaml step\nneeds: ▶a, b\n~~~\nx\n'),
		['needs.unknown'],
		'Write `needs: [a, b]`.',
	],
	['a duration in words', step('timeout: ▶5 minutes'), ['value.invalid'], 'Write `timeout: 5m`.'],
	['a wait in words', step('wait: ▶2 hours'), ['value.invalid'], 'Write `wait: 2h`.'],
	[
		'a question after `approval:`',
		step('approval: ▶Ship it?'),
		['value.invalid'],
		'Write `approval: {}`, and the question as text below.',
	],
	['a key of GitHub Actions', step('▶timeout-minutes: 5'), ['key.unknown'], 'Write `timeout: 5m`.'],
	[
		'a context of GitHub Actions',
		prompt('${{ ▶needs.a.outputs.risk }}'),
		['expression.context-unknown'],
		'Write `steps.<id>.outputs.<name>`.',
	],
	[
		'a function of GitHub Actions',
		prompt("${{ ▶hashFiles('x') }}"),
		['expression.function-unknown'],
		'Hash the files in a `run` script and give the result as an output.',
	],
	[
		'a step with a line above a rule',
		withSteps('▶## a\nDo this\n---\nand that\n'),
		['step.empty'],
		'A line right above `---` is a heading: put an empty line between them if it is text.',
	],
	['a backtick before a value', step('model: ▶`x`'), ['yaml.invalid']],
];

const groups = {
	slipCases,
	otherCases,
	frontmatterCases,
	inputCases,
	stepCases,
	fenceCases,
	needsCases,
	expressionCases,
	yamlCases,
};

for (const [group, cases] of Object.entries(groups)) {
	test.each(cases.map(each => [each[0], each] as const))(`${group}: %s`, (_, each) => expectCase(each));
}

test.each([
	['sh', 'env: { ISSUE: "${{ inputs.issue }}" }', '`$ISSUE`'],
	['bash', 'env: { ISSUE: "${{ inputs.issue }}" }', '`$ISSUE`'],
	['python', 'env: { ISSUE: "${{ inputs.issue }}" }', '`os.environ["ISSUE"]`'],
	['js', 'env: { ISSUE: "${{ inputs.issue }}" }', '`process.env.ISSUE`'],
])('an expression in a %s script is an error that shows the `env:` line to write', (language, line, use) => {
	const text = withSteps(`## a\n~~~${language} run\none\n  print ▶\${{ inputs.issue }}\n~~~\n`);
	const [first] = expectProblems(text, ['script.interpolated']);
	expect(first!.suggestion).toBe(`Write \`${line}\` in the \`yaml step\` fence and use ${use} in the script.`);
});

test('every expression in a script is reported', () => {
	expectProblems(withSteps('## a\n~~~sh run\n▶${{ inputs.issue }} ▶${{ steps.x.text }}\n~~~\n'), [
		'script.interpolated',
		'script.interpolated',
	]);
});

test('a mistake in the settings of one step hides none in the others', () => {
	expectProblems(
		withSteps(
			'## a\n~~~yaml step\nid: first\nneeds: ▶[x\n~~~\nDo ${{ inputs.▶isue }}.\n\n## b\n~~~yaml step\nneeds: [first]\n▶tiemout: 5m\n~~~\n${{ steps.first.outputs.any }} ${{ steps.▶firts.text }}\n',
		),
		['yaml.invalid', 'expression.input-unknown', 'key.unknown', 'expression.step-unknown'],
	);
});

test('a mistake in the frontmatter hides none in the steps, and is not repeated there', () => {
	expectProblems(
		'---\nname: x\ninputs: ▶{ a: {}\n---\n# A\n\n## b\n${{ inputs.anything }} ${{ inputs.a }} ${{ steps.▶c.text }}\n',
		['yaml.invalid', 'expression.step-unknown'],
	);
});

test('the line of a problem is quoted as it stands in the file', () => {
	const [first] = expectProblems(step('cwd: ▶[ä, 🎉]'), ['value.invalid']);
	expect(first!.source).toBe('cwd: [ä, 🎉]');
});
