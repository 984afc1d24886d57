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
