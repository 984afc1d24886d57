import {createWriteStream, realpathSync} from 'node:fs';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {fileURLToPath, pathToFileURL} from 'node:url';
import type {ToolOperation} from '../../source/tools/definition.ts';
import type {ModuleAnswer, ModuleCall, ModuleRequest} from './module/protocol.ts';
import {schemaFromShorthand} from './module/shorthand.ts';

/** What a module exports as `operations`, by name. */
interface ModuleOperation {
	readonly description?: string;
	readonly inputs?: unknown;
	readonly inputSchema?: unknown;
	readonly outputs?: unknown;
	readonly outputSchema?: unknown;
	readonly readOnly?: boolean;
	run(given: unknown, context: unknown): unknown;
}

/**
 * A process of its own, one per call of a module that is a tool: whatever the module does, it does here. It reads two
 * lines and answers each on file descriptor 3, so that the module may print what it likes.
 */
const main = async (): Promise<void> => {
	const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
	const request = JSON.parse((await lines.next()).value as string) as ModuleRequest;
	const operations = await loaded(request);
	if (!operations) return;
	await answer({operations: Object.entries(operations).map(described)});
	const next = await lines.next();
	if (next.done) return;
	const call = JSON.parse(next.value as string) as ModuleCall;
	// A module that waits for what cannot come any more ends by itself.
	process.stdin.destroy();
	await answer(await called(operations[call.operation]!, call, request));
};

const loaded = async ({module}: ModuleRequest): Promise<Readonly<Record<string, ModuleOperation>> | undefined> => {
	try {
		const {operations} = (await import(pathToFileURL(module).href)) as {operations?: unknown};
		const problem = problemOf(operations);
		if (!problem) return operations as Record<string, ModuleOperation>;
		await answer({failure: {kind: 'unloadable', message: problem}});
	} catch (error) {
		await answer({failure: {kind: 'unloadable', message: wordsOf(error)}});
	}

	return undefined;
};

const problemOf = (operations: unknown): string | undefined => {
	if (typeof operations !== 'object' || operations === null) return 'it exports no object `operations`';
	const without = Object.entries(operations).find(
		([, operation]) => typeof (operation as ModuleOperation | null)?.run !== 'function',
	);
	return without && `its operation "${without[0]}" has no function \`run\``;
};

const described = ([name, operation]: [string, ModuleOperation]): ToolOperation => {
	const inputSchema = schemaFromShorthand(operation.inputSchema ?? operation.inputs, 'argument');
	const outputSchema = schemaFromShorthand(operation.outputSchema ?? operation.outputs, 'output');
	return {
		name,
		description: operation.description,
		inputSchema: inputSchema ?? {type: 'object'},
		...(outputSchema && {outputSchema}),
		isReadOnly: operation.readOnly,
	};
};

const called = async (
	operation: ModuleOperation,
	{arguments: given, idempotencyKey}: ModuleCall,
	{workspace, folder}: ModuleRequest,
): Promise<ModuleAnswer> => {
	let value: unknown;
	try {
		value = await operation.run(given, {workspace, folder, idempotencyKey, env: process.env});
	} catch (error) {
		return {failure: {kind: 'failed', message: wordsOf(error)}};
	}

	try {
		// What cannot be told to another process is no answer.
		JSON.stringify(value);
		return {value: value ?? null};
	} catch (error) {
		return {failure: {kind: 'unserialisable', message: wordsOf(error).split('\n')[0]!}};
	}
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const answers = createWriteStream('', {fd: 3});
const answer = (line: ModuleAnswer): Promise<void> =>
	new Promise(resolve => answers.write(`${JSON.stringify(line)}\n`, () => resolve()));

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await main();
	// What the module left open must not keep it alive.
	process.exit(0);
}
