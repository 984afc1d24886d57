import {realpathSync} from 'node:fs';
import process from 'node:process';
import {text} from 'node:stream/consumers';
import {fileURLToPath} from 'node:url';
import {failureOf} from '../../source/errors.ts';
import {callTool, describeTool} from './call.ts';
import type {ToolHostReport, ToolHostRequest} from './host-protocol.ts';
import {createPlaces} from './places.ts';

/** A process of its own, for one call that no step makes, or one look at what a tool can do. Asked to end, it ends what it started. */
const main = async (): Promise<ToolHostReport> => {
	const stop = new AbortController();
	for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
	const request = JSON.parse(await text(process.stdin)) as ToolHostRequest;
	const {definition, implementations: ids, call, texts, mayOnlyRead, ...surroundings} = request;
	const environment = process.env as Readonly<Record<string, string>>;
	const asked = {
		definition,
		implementations: ids.flatMap(id => definition.implementations.find(each => each.id === id) ?? []),
		placeOf: createPlaces(definition, {...surroundings, environment}),
	};
	return call ? callTool({...asked, call, texts, mayOnlyRead}, stop.signal) : describeTool(asked, stop.signal);
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	const report = await main().catch((error: unknown): ToolHostReport => ({failure: failureOf(error), tries: []}));
	process.stdout.write(JSON.stringify(report), () => process.exit(0));
}
