import path from 'node:path';
import process from 'node:process';
import type {BridgedTool, BridgeRequest} from '../../../runtime/attempts/tool-bridge.ts';
import {parseTool} from '../../../source/tools/parse.ts';

const program = path.resolve(import.meta.dirname, 'notes-tool.ts');

/** A tool as a file describes it, with something to read, to write, to wait for, and to fail with. */
export const notesYaml = `description: Notes of the workspace.
pass-env: [NOTES_KEY]
script:
  command: [${JSON.stringify(process.execPath)}, ${JSON.stringify(program)}]
  operations:
    read:
      description: Reads the notes.
      read-only: true
      args: [read]
    add:
      description: Adds a note.
      inputs:
        text: { type: string, required: true }
      args: [add]
    fail:
      args: [fail]
    slow:
      args: [slow]
    key:
      read-only: true
      args: [key]
`;

export const toolFrom = (yaml: string, file: string, more: Partial<BridgedTool> = {}): BridgedTool => {
	const {definition, diagnostics} = parseTool(yaml, file);
	if (!definition) throw new Error(JSON.stringify(diagnostics));
	const environment = {PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/'};
	return {tool: definition.name, definition, environment, secrets: {}, ...more};
};

/** The notes of a workspace, given as a whole or only in parts. */
export const notesIn = (workspace: string, operations?: readonly string[]): BridgeRequest => ({
	version: 1,
	tools: [toolFrom(notesYaml, path.join(workspace, '.aiworkflow/tools/notes.yaml'), operations && {operations})],
	workspace,
	cwd: workspace,
});
