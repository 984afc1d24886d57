import {mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {onTestFinished} from 'vitest';

export const temporaryFolder = (): string => {
	const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'templates-')));
	onTestFinished(() => rmSync(folder, {recursive: true, force: true}));
	return folder;
};

export const writeAll = (folder: string, files: Readonly<Record<string, string>>): string => {
	for (const [name, text] of Object.entries(files)) {
		const file = path.join(folder, name);
		mkdirSync(path.dirname(file), {recursive: true});
		writeFileSync(file, text);
	}

	return folder;
};

export const metadataText = (variables = '', id = 'sample'): string => `id: ${id}
name: A sample
description: Greets somebody.
category: general
tags: [greeting, hello]
variables:
  who: { type: string, default: world, description: Whom to greet }
${variables}`;

export const workflowText = (rest = '', front = ''): string => `---
name: <% name %>
description: Greets <% who %>.
${front}---
# Greet

## Say
Say hello to <% who %>.
${rest}`;
