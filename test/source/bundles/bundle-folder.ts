import {chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

export const workflowText = `---
name: greet
description: Says hi.
inputs:
  whom: { type: string, default: world }
  times: { type: integer, default: 1 }
---
# Greet

## judge
\`\`\`yaml step
outputs: { tone: { enum: [warm, cold] } }
\`\`\`
How to greet \${{ inputs.whom }}?
`;

/** A folder of its own with these files, which is gone after the test. */
export const temporaryBundle = (files: Readonly<Record<string, string | Uint8Array>>): string => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aiworkflow-bundle-')));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	for (const [name, content] of Object.entries(files)) {
		const place = path.join(folder, name);
		mkdirSync(path.dirname(place), {recursive: true});
		writeFileSync(place, content);
		if (name.endsWith('.sh')) chmodSync(place, 0o755);
	}

	return folder;
};
