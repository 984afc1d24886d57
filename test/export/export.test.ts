import {expect, test} from 'vitest';
import {type ExportFormat, exportDefinition} from '../../source/export/export.ts';
import {importMarkdown} from '../../source/import/import.ts';
import {parseWorkflow} from '../../source/workflow/parse.ts';

const text = `---
name: Mend Issue
description: Mends an issue and asks before it is shipped.
on: { schedule: { cron: "0 9 * * 1", timezone: Europe/Berlin } }
inputs:
  issue: { type: integer, required: true, description: Number of the issue }
  level: { default: low, enum: [low, high] }
agent: claude
model: opus
timeout: 45m
budget: { usd: 2 }
permissions: { write: [src/**], run: [npm test *, "!git push*"] }
outputs: { risk: "\${{ steps.plan.outputs.risk }}" }
---
# Mend an issue

## Look
\`\`\`sh run
git log --oneline -5
\`\`\`

## Plan
\`\`\`yaml step
outputs: { risk: { enum: [low, high] }, files: { type: array } }
retry: { max: 2 }
\`\`\`
Plan issue \${{ inputs.issue }} at \${{ inputs.level }}; last: \${{ steps.look.text }}. On \${{ run.id }}.

## Fix
\`\`\`yaml step
foreach: \${{ steps.plan.outputs.files }}
undo: git
\`\`\`
Mend \${{ item }}.

## Check
\`\`\`yaml step
env: { RISK: "\${{ steps.plan.outputs.risk }}" }
\`\`\`
\`\`\`sh run
npm test -- "$RISK"
\`\`\`

## Ship
\`\`\`yaml step
if: steps.plan.outputs.risk == 'high'
approval: {}
\`\`\`
Ship it?
`;

const definition = parseWorkflow(text, 'mend.md').definition!;

test.each<[ExportFormat]>([['markdown'], ['skill'], ['claude-command'], ['gh-aw']])(
	'a workflow as %s, and what is lost, are what is written down',
	async format => {
		const {text: exported, lost} = exportDefinition(definition, format);
		const words = lost.map(({step = 'workflow', what, detail}) => `${step}: ${what}: ${detail}`);
		await expect(`${exported}\n${'='.repeat(40)}\n${words.join('\n')}\n`).toMatchFileSnapshot(
			`../goldens/export/${format}.txt`,
		);
	},
);

test('json is the definition and its plan, and loses nothing', () => {
	const {text: exported, lost} = exportDefinition(definition, 'json');
	expect(JSON.parse(exported)).toEqual(JSON.parse(JSON.stringify({definition, plan: JSON.parse(exported).plan})));
	expect(JSON.parse(exported).plan.map(({id}: {id: string}) => id)).toEqual(['look', 'plan', 'fix', 'check', 'ship']);
	expect(lost).toEqual([]);
});

test.each<[ExportFormat, string]>([
	['skill', 'skills/mend/SKILL.md'],
	['claude-command', '.claude/commands/mend.md'],
	['gh-aw', '.github/workflows/mend.md'],
])('what was exported as %s can be imported again', (format, file) => {
	expect(importMarkdown(exportDefinition(definition, format).text, file)).toMatchObject({
		kind: 'workflow',
		format,
		isValid: true,
	});
});

test('a page for people is no workflow', () => {
	expect(parseWorkflow(exportDefinition(definition, 'markdown').text, 'page.md').definition).toBeUndefined();
});
