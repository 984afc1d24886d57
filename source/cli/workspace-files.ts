/** What `aiworkflow init` creates under `.aiworkflow/`, by path, besides the first workflow; all of it fit for git. */
export const workspaceFiles: Readonly<Record<string, string>> = {
	'aiworkflow.yaml': `# Settings of this workspace. Everything has a default; nothing is needed here.
version: 1
`,
	'agents.yaml': `# Agents that workflows in this workspace may name. Any program that speaks the Agent Client Protocol will do.
# A command given here runs only after \`aiworkflow trust\`.
#
# agents:
#   claude:
#     command: npx
#     args: [-y, "@agentclientprotocol/claude-agent-acp"]
#     env: [ANTHROPIC_API_KEY]
`,
	'workflows/hello.md': `---
name: hello
description: Says hello and counts the files of this folder.
inputs:
  who: { type: string, default: world, description: Whom to greet }
---
# Hello
A workflow is a README that runs. This text is the description and never runs; the steps are the headings below.

## Greet
\`\`\`sh run
echo "Hello, $INPUT_WHO!"
\`\`\`

## Count
\`\`\`yaml step
outputs:
  files: integer
\`\`\`
\`\`\`sh run
count=$(find . -type f -not -path './.git/*' | wc -l)
echo "There are $count files here."
echo "files=$((count))" >> "$OUTPUT"
\`\`\`
`,
};
