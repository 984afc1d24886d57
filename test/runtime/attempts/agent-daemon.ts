import {appendFileSync, readFileSync} from 'node:fs';
import process from 'node:process';
import {createAgentExecutor} from '../../../runtime/attempts/agent.ts';
import {createOutputWatcher} from '../../../runtime/attempts/output-watcher.ts';
import type {BridgeRequest} from '../../../runtime/attempts/tool-bridge.ts';
import {systemClock} from '../../../runtime/clock.ts';
import type {AttemptContext} from '../../../runtime/engine/parts.ts';

/** A daemon reduced to one attempt, to be killed: `node agent-daemon.ts SETUP JOURNAL`. */
const [, , setupFile, journalFile] = process.argv;
const setup = JSON.parse(readFileSync(setupFile!, 'utf8')) as {
	context: AttemptContext;
	spec: Parameters<typeof createAgentExecutor>[0]['specOf'] extends (...rest: never[]) => Promise<infer Spec>
		? Spec
		: never;
	hostCommand: string[];
	tools?: BridgeRequest;
};
const executor = createAgentExecutor({
	clock: systemClock,
	output: createOutputWatcher(() => {}),
	specOf: async () => setup.spec,
	toolsOf: async () => ({bridge: setup.tools!, withheld: []}),
	hostCommand: setup.hostCommand,
});
executor.start(setup.context, async events => {
	for (const event of events) appendFileSync(journalFile!, `${JSON.stringify(event)}\n`);
});
