import {expect, test} from 'vitest';
import {planLinesOf, stepOutlinesOf} from '../../../source/workflow/plan.ts';
import {definitionOf} from '../../language/marked.ts';

const definition = definitionOf(`---
name: plan
agent: claude
---
# Plan

## collect facts
~~~sh run
true
~~~

## judge
~~~yaml step
agent: [codex, gemini]
continue-on-error: true
~~~
Judge.

## count
~~~yaml step
needs: [collect-facts]
~~~
~~~python run
print(1)
~~~

## cool down
~~~yaml step
needs: [judge, count]
wait: 5m
~~~

## ship
~~~yaml step
approval: {}
if: always() && steps.count.outputs.number_of_very_important_things > 100
~~~

## lonely
~~~yaml step
needs: []
~~~
Sing.
`);

test('the plan is a line a step, at most 78 columns wide', () => {
	expect(planLinesOf(definition).join('\n')).toBe(
		`1  collect-facts  script sh
2  judge          agent codex, gemini  may fail
3  count          script python        after collect-facts
4  cool-down      wait 5m              after judge, count
5  ship           approval             if always() && steps.count.outputs.num…
6  lonely         agent claude         at once`,
	);
});

test('the outline of a run names every step with its needs', () => {
	expect(stepOutlinesOf(definition).slice(0, 3)).toEqual([
		{id: 'collect-facts', title: 'collect facts', kind: 'script', needs: []},
		{id: 'judge', title: 'judge', kind: 'agent', needs: ['collect-facts'], continueOnError: true},
		{id: 'count', title: 'count', kind: 'script', needs: ['collect-facts']},
	]);
});

const control = definitionOf(`---
name: control
---
# Control

## list
~~~sh run
true
~~~

## fix
~~~yaml step
foreach: \${{ fromJSON(steps.list.outputs.files) }}
retry: 3
cache: true
~~~
~~~sh run
true
~~~
~~~sh undo
true
~~~

## build
~~~yaml step
strategy: { matrix: { os: [a, b], node: [22, 24] } }
undo: { files: [dist] }
savepoint: built
~~~
~~~sh run
true
~~~

## again
~~~yaml step
repeat: { until: steps.again.outputs.ok == 'yes', max: 5 }
undo: git
~~~
~~~sh run
true
~~~

## child
~~~yaml step
uses: ./child.md
foreach: [a, b]
~~~

## signal
~~~yaml step
wait: { signal: go }
~~~

## ship
~~~yaml step
approval: { on-reject: { goto: fix } }
~~~
`);

test('the plan says how often a step is done, and what is kept of it', () => {
	expect(planLinesOf(control).join('\n')).toBe(
		`1  list    script sh
2  fix     script sh           for each of fromJSON(steps.list…; retry 3×; ca…
3  build   script sh           matrix os × node; undo files; savepoint built
4  again   script sh           up to 5× until steps.again.outputs…; undo git
5  child   uses ./child.md     for each of 2
6  signal  wait for signal go
7  ship    approval            rejected: back to fix`,
	);
	expect(planLinesOf({...control, steps: control.steps.map(step => ({...step, foreach: undefined}))})[1]).toBe(
		'2  fix     script sh           retry 3×; cache; undo sh',
	);
});

test('the outline says which steps are done for each of several items', () => {
	expect(stepOutlinesOf(control).flatMap(({id, isEach}) => (isEach ? [id] : []))).toEqual(['fix', 'build', 'child']);
});
