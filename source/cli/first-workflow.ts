/** The first workflow of one's own, under `.aiworkflow/`. */
export const firstWorkflowFile = 'workflows/plan.md';

/** What is there, by programs that every machine has; `PLAN.md` itself is not news. */
const look = `## Look
What is in this folder, and what somebody left to do in it.
\`\`\`yaml step
outputs:
  files: integer
\`\`\`
\`\`\`sh run
files=$(find . -type f -not -path '*/.*' -not -path '*/node_modules/*' -not -name PLAN.md | sed 's|^./||' | sort)
count=$(printf '%s' "$files" | grep -c . || true)
echo "files=$count" >> "$OUTPUT"
if [ "$count" -eq 0 ]; then
	echo "There are no files here yet."
else
	echo "Files here: $count, among them:"
	printf '%s\\n' "$files" | head -n 50 | sed 's/^/- /'
	left=$(printf '%s\\n' "$files" | tr '\\n' '\\0' | xargs -0 grep -nIE 'TODO|FIXME' /dev/null 2>/dev/null | head -n 20 || true)
	[ -z "$left" ] || printf '\\nLeft to do:\\n%s\\n' "$(printf '%s\\n' "$left" | cut -c 1-160 | sed 's/^/- [ ] /')"
fi
if git rev-parse --is-inside-work-tree > /dev/null 2>&1; then
	printf '\\nGit says:\\n%s\\n' "$(git status --short --branch | head -n 20 | sed 's/^/- /')"
fi
\`\`\`
`;

const write = (text: string) => `
## Write
\`\`\`yaml step
env:
  TEXT: ${text}
undo: { files: [PLAN.md] }
\`\`\`
\`\`\`sh run
printf '# Plan: %s\\n\\n%s\\n' "$INPUT_GOAL" "$TEXT" > PLAN.md
echo "The plan is in PLAN.md."
\`\`\`
`;

const head = (agent: string | undefined) => `---
name: plan
description: ${agent ? 'Looks at this folder and plans the next steps toward a goal.' : 'Looks at this folder and writes down what is there and left to do.'}
inputs:
  goal: { type: string, default: Find out what to do next, description: What you want to get done here }
${agent ? `agent: ${agent}\n` : ''}---
# Plan
This workflow is yours: change it as you like. A script looks, ${agent ? 'an agent thinks, ' : ''}a script writes PLAN.md.
\`aiworkflow runs rollback <run>\` takes the file back.

`;

const think = `
## Think
\`\`\`yaml step
permissions: { write: ["!**"], run: ["!*"] }
timeout: 5m
\`\`\`
The goal: \${{ inputs.goal }}

What is in this folder:

\${{ steps.look.text }}

Read what you need to. Then answer with a plan in Markdown and nothing else: one sentence on where things stand, and at most
five next steps toward the goal as a list, each one something that can be done today.
`;

/** @param agent Who thinks; missing: nobody, for none is installed. */
export const firstWorkflow = (agent: string | undefined): string =>
	agent === undefined
		? `${head(agent)}${look}${write('${{ steps.look.text }}')}`
		: `${head(agent)}${look}${think}${write('${{ steps.think.text }}')}`;
