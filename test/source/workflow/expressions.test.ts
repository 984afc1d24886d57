import {expect, test} from 'vitest';
import {AiworkflowError} from '../../../source/errors.ts';
import {
	evaluateCondition,
	evaluateTemplate,
	evaluateUntil,
	evaluateValue,
	usesStatusFunction,
} from '../../../source/workflow/expressions.ts';
import type {Scope} from '../../../source/workflow/scope.ts';

const scope: Scope = {
	inputs: {issue: 42, title: "it's", flag: false, files: ['a', 'b'], nothing: null, constructor: 'own'},
	env: {REGION: 'eu', region: 'us'},
	secrets: {KEY: 'hunter2'},
	run: {id: 'r1', number: 7, workflow: 'w', workspace: '/w', feedback: ''},
	trigger: {},
	steps: {
		plan: {
			outputs: {risk: 'high', count: 3, list: [{risk: 'low'}, null, {risk: 'high'}]},
			text: () => 'the plan',
			status: 'completed',
			costUsd: null,
		},
		test: {outputs: {}, text: 'plain', status: 'failed', error: {code: 'script.failed', message: 'no'}, costUsd: 0.5},
	},
	attempt: 2,
	condition: {needsFailed: false, ancestorFailed: false, runCancelled: false},
};

const failed: Scope = {...scope, condition: {needsFailed: true, ancestorFailed: true, runCancelled: false}};
const farFailed: Scope = {...scope, condition: {needsFailed: false, ancestorFailed: true, runCancelled: false}};
const cancelled: Scope = {...scope, condition: {needsFailed: false, ancestorFailed: false, runCancelled: true}};

test.each([
	['no expression at all', 'no expression at all'],
	['${{ inputs.issue }}', '42'],
	['#${{ inputs.issue }} in ${{ env.REGION }}', '#42 in eu'],
	['${{ inputs.title }}', "it's"],
	['${{ inputs.flag }}', 'false'],
	['${{ inputs.nothing }}', ''],
	['${{ inputs.absent }}', ''],
	['${{ inputs.files }}', '["a","b"]'],
	['${{ steps.plan.outputs }}', '{"risk":"high","count":3,"list":[{"risk":"low"},null,{"risk":"high"}]}'],
	['${{ steps.plan.outputs.list.*.risk }}', '["low","high"]'],
	["${{ join(steps.plan.outputs.list.*.risk, '+') }}", 'low+high'],
	['${{ steps.plan.text }}', 'the plan'],
	['${{ steps.plan.costUsd }}', ''],
	['${{ steps.test.error.code }}', 'script.failed'],
	['${{ steps.plan.error.code }}', ''],
	['${{ attempt }}', '2'],
	['${{ secrets.KEY }}', 'hunter2'],
	['${{ run.number }}', '7'],
	['$${{ inputs.issue }}', '${{ inputs.issue }}'],
	['$$${{ inputs.issue }} ${{ inputs.issue }}', '$${{ inputs.issue }} 42'],
	["${{ 'a }} b' }}", 'a }} b'],
	["${{ 'it''s ''so''' }}", "it's 'so'"],
	["${{ inputs.flag && 'yes' || 'no' }}", 'no'],
	['${{ inputs.issue > 41 }}', 'true'],
	['${{ fromJSON(\'[1, {"a": 2}]\')[1].a }}', '2'],
	['${{ toJSON(inputs.files) }}', '[\n  "a",\n  "b"\n]'],
	["${{ format('{0}-{1}', inputs.issue, env.region) }}", '42-us'],
	["${{ contains(inputs.files, 'b') }}", 'true'],
	['${{ INPUTS.Issue }}', '42'],
	['${{ inputs.constructor }}', 'own'],
	['${{ inputs.toString }}', ''],
	['${{ 1e21 }} ${{ 0.1 }} ${{ 3.0 }}', '1e+21 0.1 3'],
])('the template %s becomes %s', (template, text) => {
	expect(evaluateTemplate(template, scope)).toBe(text);
});

test('a template that is one expression keeps the type of its value', () => {
	expect(evaluateValue('${{ inputs.issue }}', scope)).toBe(42);
	expect(evaluateValue('${{ inputs.files }}', scope)).toEqual(['a', 'b']);
	expect(evaluateValue('${{ steps.plan.outputs.list.*.risk }}', scope)).toEqual(['low', 'high']);
	expect(evaluateValue('${{ inputs.nothing }}', scope)).toBeNull();
	expect(evaluateValue('#${{ inputs.issue }}', scope)).toBe('#42');
	expect(evaluateValue('plain', scope)).toBe('plain');
});

test('a value handed through is the same value, whatever its keys', () => {
	const value = JSON.parse('{"A": 1, "a": 2, "constructor": {"__proto__": 3}, "list": [[]]}');
	expect(evaluateValue('${{ inputs.value }}', {...scope, inputs: {value}})).toEqual(value);
	expect(evaluateValue('${{ inputs.value.a }}', {...scope, inputs: {value}})).toBe(2);
	expect(evaluateValue('${{ inputs.value.constructor }}', {...scope, inputs: {value}})).toEqual(value.constructor);
});

test('the text of a step is loaded only when it is read', () => {
	let reads = 0;
	const steps = {a: {...scope.steps.plan!, text: () => `read ${++reads}`}};
	const lazy = {...scope, steps};
	expect(evaluateTemplate('${{ steps.a.status }} ${{ steps.a.outputs.risk }}', lazy)).toBe('completed high');
	expect(reads).toBe(0);
	expect(evaluateTemplate('${{ steps.a.text }} ${{ steps.a.text }}', lazy)).toBe('read 1 read 1');
});

test.each([
	[undefined, true, false, true, false],
	['success()', true, false, true, false],
	['always()', true, true, true, true],
	['failure()', false, true, true, false],
	['cancelled()', false, false, false, true],
	['${{ always() }}', true, true, true, true],
	["steps.plan.outputs.risk == 'HIGH'", true, false, true, false],
	["steps.plan.outputs.risk == 'low'", false, false, false, false],
	["failure() && steps.test.error.code == 'script.failed'", false, true, true, false],
	['!cancelled()', true, true, true, false],
	['inputs.flag || inputs.issue', true, false, true, false],
	['inputs.nothing', false, false, false, false],
	["''", false, false, false, false],
	["'false'", true, false, true, false],
	['inputs.files', true, false, true, false],
])(
	'the condition %s holds: normally %s, after a failed need %s, after a failure further up %s, cancelled %s',
	(expression, normally, afterFailure, afterFarFailure, whenCancelled) => {
		const bare = expression?.replace(/^\$\{\{(.*)\}\}$/, '$1');
		const results = [scope, failed, farFailed, cancelled].map(each => evaluateCondition(bare, each));
		expect(results).toEqual([normally, afterFailure, afterFarFailure, whenCancelled]);
	},
);

test('only `always`, `failure` and `cancelled` make a step be asked after a failure', () => {
	expect(['always()', 'FAILURE()', '!(cancelled())', 'x(failure())'].map(usesStatusFunction)).toEqual([
		true,
		true,
		true,
		true,
	]);
	expect(['success()', "'always()'", 'inputs.always', '(', undefined].map(usesStatusFunction)).toEqual([
		false,
		false,
		false,
		false,
		false,
	]);
});

test.each([
	[
		"${{ fromJSON('{') }}",
		"The expression `fromJSON('{')` cannot be evaluated: Error parsing JSON when evaluating fromJson.",
	],
	['${{ foo.bar }}', 'The expression `foo.bar` cannot be evaluated: there is no context `foo`.'],
	['${{ constructor(1) }}', 'The expression `constructor(1)` cannot be evaluated: there is no function `constructor`.'],
	['${{ 1 + 1 }}', 'The expression `1 + 1` cannot be evaluated: Unexpected `+`.'],
	['${{ inputs.issue', 'The expression `inputs.issue` cannot be evaluated: it has no closing `}}`.'],
	[
		"${{ format('{1}', 1) }}",
		"The expression `format('{1}', 1)` cannot be evaluated: The following format string references more arguments than were supplied: {1}.",
	],
])('%s fails with the text of the expression', (template, message) => {
	const failure = (() => {
		try {
			return evaluateTemplate(template, scope);
		} catch (error) {
			return error;
		}
	})();
	expect(failure).toBeInstanceOf(AiworkflowError);
	expect(failure).toMatchObject({code: 'expression.failed', message});
});

test('the item, its number and the combination are there where one item is done', () => {
	const ofItem = {...scope, item: {name: 'a', tags: ['x']}, index: 0};
	expect(evaluateTemplate('${{ item.name }} ${{ item.tags[0] }} ${{ index }}', ofItem)).toBe('a x 0');
	expect(evaluateValue('${{ item }}', ofItem)).toEqual({name: 'a', tags: ['x']});
	expect(evaluateTemplate('${{ item }}', {...scope, item: 'plain', index: 1})).toBe('plain');
	expect(evaluateTemplate('${{ matrix.os }}-${{ index }}', {...scope, matrix: {os: 'linux'}, index: 2})).toBe(
		'linux-2',
	);
	expect(evaluateTemplate('${{ item }}${{ index }}${{ matrix.os }}', scope)).toBe('');
	expect(evaluateTemplate('${{ item }}', {...scope, item: false, index: 0})).toBe('false');
});

test('the outputs of several items are a list, nothing where one failed', () => {
	const fix = {outputs: [{risk: 'low'}, null, {risk: 'high'}], text: 'a\nb', status: 'failed', costUsd: 0};
	const ofItems = {...scope, steps: {...scope.steps, fix}};
	expect(evaluateValue('${{ steps.fix.outputs.*.risk }}', ofItems)).toEqual(['low', 'high']);
	expect(evaluateValue('${{ steps.fix.outputs }}', ofItems)).toEqual(fix.outputs);
	expect(evaluateTemplate('${{ steps.fix.outputs[2].risk }}${{ steps.fix.outputs[1].risk }}', ofItems)).toBe('high');
});

test('`until` does not ask how the needs went', () => {
	expect(evaluateUntil("steps.plan.outputs.risk == 'high'", failed)).toBe(true);
	expect(evaluateUntil("steps.plan.outputs.risk == 'low'", failed)).toBe(false);
	expect(evaluateUntil('steps.plan.outputs.count > 2', cancelled)).toBe(true);
	expect(() => evaluateUntil('foo()', scope)).toThrow(AiworkflowError);
});

test('values are not evaluated again', () => {
	const inputs = {title: '${{ secrets.KEY }}'};
	expect(evaluateTemplate('${{ inputs.title }}', {...scope, inputs})).toBe('${{ secrets.KEY }}');
});
