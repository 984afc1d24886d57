/** A bit of everything that runs processes: branches, items, a slow script, a wait, an approval, an undo that is not needed. */
export const workflow = `---
name: crash-loop
inputs:
  log: { type: string, required: true }
  locks: { type: string, required: true }
---
# Crash loop

${step('first', 'needs: []')}
${step('slow', 'needs: [first]', 'sleep 0.25')}
${step('quick', 'needs: [first]', 'sleep 0.02')}
${step('each', 'needs: [first]\nforeach: [1, 2, 3, 4]\nmax-parallel: 2', 'sleep 0.03')}
## pause
\`\`\`yaml step
needs: [quick]
wait: 30ms
\`\`\`

## ask
\`\`\`yaml step
needs: [pause]
approval: {}
\`\`\`
Go on?

${step('last', 'needs: [slow, each, ask]\nsavepoint: done')}
`;

/** Writes when it begins and ends, each in one write, and takes a lock: two at once are noticed. */
function step(id: string, settings: string, work = ':'): string {
	return `## ${id}
\`\`\`yaml step
${settings}
\`\`\`
\`\`\`sh run
lock="$INPUT_LOCKS/$(echo "$AIWORKFLOW_STEP_KEY" | tr / .)"
echo "begin $AIWORKFLOW_STEP_KEY $AIWORKFLOW_ATTEMPT" >>"$INPUT_LOG"
mkdir "$lock" || echo "twice $AIWORKFLOW_STEP_KEY $AIWORKFLOW_ATTEMPT" >>"$INPUT_LOG"
${work}
rmdir "$lock"
echo "end $AIWORKFLOW_STEP_KEY $AIWORKFLOW_ATTEMPT" >>"$INPUT_LOG"
\`\`\`
`;
}

/** Scripts of one run. */
export const scriptsPerRun = 8;
