import {expect, test} from 'vitest';
import {completed, definitionOf, failed, simulate} from './simulation.ts';

/**
 * The rules of the language reference, "Order, skipping, failing", as a table. Each workflow is a line a step: id, its
 * settings, and `fails` where its script fails.
 */
const cases: readonly {
	readonly name: string;
	readonly steps: readonly (readonly [id: string, settings: string, fails?: 'fails'])[];
	readonly statuses: string;
	readonly run: 'completed' | 'failed';
}[] = [
	{
		name: 'a step without needs follows the one above',
		steps: [
			['a', ''],
			['b', ''],
		],
		statuses: 'a✓ b✓',
		run: 'completed',
	},
	{
		name: 'a failed need skips its dependents',
		steps: [
			['a', '', 'fails'],
			['b', ''],
		],
		statuses: 'a✗ b↷',
		run: 'failed',
	},
	{
		name: 'the skip goes on down the chain',
		steps: [
			['a', '', 'fails'],
			['b', ''],
			['c', ''],
		],
		statuses: 'a✗ b↷ c↷',
		run: 'failed',
	},
	{
		name: 'a branch beside the failure goes on',
		steps: [
			['a', '', 'fails'],
			['b', 'needs: []'],
			['c', 'needs: [b]'],
		],
		statuses: 'a✗ b✓ c✓',
		run: 'failed',
	},
	{
		name: 'one failed need of two skips the join',
		steps: [
			['a', '', 'fails'],
			['b', 'needs: []'],
			['c', 'needs: [a, b]'],
		],
		statuses: 'a✗ b✓ c↷',
		run: 'failed',
	},
	{
		name: 'continue-on-error lets dependents run and the run complete',
		steps: [
			['a', 'continue-on-error: true', 'fails'],
			['b', ''],
		],
		statuses: 'a✗ b✓',
		run: 'completed',
	},
	{
		name: 'a false condition skips, and counts as satisfied',
		steps: [
			['a', 'if: false'],
			['b', ''],
		],
		statuses: 'a↷ b✓',
		run: 'completed',
	},
	{
		name: 'a condition may read an earlier status',
		steps: [
			['a', 'continue-on-error: true', 'fails'],
			['b', "if: steps.a.status == 'failed'"],
		],
		statuses: 'a✗ b✓',
		run: 'completed',
	},
	{
		name: 'a condition without a status function does not run after a failure',
		steps: [
			['a', '', 'fails'],
			['b', 'if: true'],
		],
		statuses: 'a✗ b↷',
		run: 'failed',
	},
	{
		name: 'always() runs after a failure',
		steps: [
			['a', '', 'fails'],
			['b', 'if: always()'],
		],
		statuses: 'a✗ b✓',
		run: 'failed',
	},
	{
		name: 'always() runs after a skip by failure',
		steps: [
			['a', '', 'fails'],
			['b', ''],
			['c', 'if: always()'],
		],
		statuses: 'a✗ b↷ c✓',
		run: 'failed',
	},
	{
		name: 'failure() runs after a failure',
		steps: [
			['a', '', 'fails'],
			['b', 'if: failure()'],
		],
		statuses: 'a✗ b✓',
		run: 'failed',
	},
	{
		name: 'failure() sees a failure further up',
		steps: [
			['a', '', 'fails'],
			['b', ''],
			['c', 'if: failure()'],
		],
		statuses: 'a✗ b↷ c✓',
		run: 'failed',
	},
	{
		name: 'failure() does not run after success',
		steps: [
			['a', ''],
			['b', 'if: failure()'],
		],
		statuses: 'a✓ b↷',
		run: 'completed',
	},
	{
		name: 'failure() does not count an error that was allowed',
		steps: [
			['a', 'continue-on-error: true', 'fails'],
			['b', 'if: failure()'],
		],
		statuses: 'a✗ b↷',
		run: 'completed',
	},
	{
		name: 'success() written out is the default',
		steps: [
			['a', '', 'fails'],
			['b', 'if: success()'],
		],
		statuses: 'a✗ b↷',
		run: 'failed',
	},
	{
		name: 'cancelled() does not run in a run that was not cancelled',
		steps: [
			['a', ''],
			['b', 'if: cancelled()'],
		],
		statuses: 'a✓ b↷',
		run: 'completed',
	},
	{
		name: '!cancelled() runs after a failure',
		steps: [
			['a', '', 'fails'],
			['b', 'if: ${{ !cancelled() }}'],
		],
		statuses: 'a✗ b✓',
		run: 'failed',
	},
	{
		name: 'always() with a false part does not run',
		steps: [
			['a', '', 'fails'],
			['b', 'if: always() && false'],
		],
		statuses: 'a✗ b↷',
		run: 'failed',
	},
	{
		name: 'a step after a successful clean-up runs',
		steps: [
			['a', '', 'fails'],
			['b', 'if: always()'],
			['c', ''],
		],
		statuses: 'a✗ b✓ c✓',
		run: 'failed',
	},
	{
		name: 'needs: [] starts at once, whatever stands above',
		steps: [
			['a', '', 'fails'],
			['b', 'needs: []'],
		],
		statuses: 'a✗ b✓',
		run: 'failed',
	},
	{
		name: 'a condition-skipped need beside a failed one still skips',
		steps: [
			['a', 'if: false'],
			['b', 'needs: []', 'fails'],
			['c', 'needs: [a, b]'],
		],
		statuses: 'a↷ b✗ c↷',
		run: 'failed',
	},
];

const glyphs: Readonly<Record<string, string>> = {
	completed: '✓',
	failed: '✗',
	skipped: '↷',
	cancelled: '⊘',
	pending: '·',
};

test.each(cases)('$name', ({steps, statuses, run: expected}) => {
	const definition = definitionOf(
		`---\nname: rules\n---\n# Rules\n${steps
			.map(
				([id, settings]) =>
					`## ${id}\n${settings && `\`\`\`yaml step\n${settings}\n\`\`\`\n`}\`\`\`sh run\n:\n\`\`\`\n`,
			)
			.join('\n')}`,
	);
	const failing = new Set(steps.filter(([, , fails]) => fails).map(([id]) => id));
	const simulation = simulate(definition, stepId => (failing.has(stepId) ? failed : completed));
	simulation.settle();
	const shown = Object.entries(simulation.statuses()).map(([id, status]) => `${id}${glyphs[status] ?? status}`);
	expect(shown.join(' ')).toBe(statuses);
	expect(simulation.run().phase).toBe(expected);
});
