import {readFileSync, realpathSync, rmSync} from 'node:fs';
import process from 'node:process';
import {fileURLToPath} from 'node:url';
import {failureOf} from '../../source/errors.ts';
import {maskText} from '../../source/mask.ts';
import {handle} from './direct-host/handle.ts';
import {type DirectAnswer, type DirectRequest, type DirectResult, directFilesOf} from './direct-protocol.ts';
import {writeWhole} from './write-whole.ts';

/**
 * A process of its own, one per attempt of a direct step: `direct-host.js FOLDER`. It outlives the daemon;
 * direct-protocol.ts says how they talk. It exits 0 once `result.json` is there, however the attempt ended.
 */
export const main = async (folder: string): Promise<void> => {
	const files = directFilesOf(folder);
	const request = JSON.parse(readFileSync(files.request, 'utf8')) as DirectRequest;
	// It may hold secrets, and nobody reads it again.
	rmSync(files.request);
	const {text, ...result} = await handle(request).catch(
		(error: unknown): DirectAnswer => ({outputs: {}, text: '', failure: failureOf(error)}),
	);
	// It was ended from outside.
	if (process.exitCode) return;
	await written(process.stdout, maskText(text, request.secrets));
	if (result.failure) await written(process.stderr, `${maskText(result.failure.message, request.secrets)}\n`);
	const {argumentsSha256} = request;
	writeWhole(files.result, JSON.stringify({...result, argumentsSha256} satisfies DirectResult));
};

const written = (stream: NodeJS.WriteStream, text: string) =>
	new Promise<void>((resolve, reject) => {
		stream.write(text, error => (error ? reject(error) : resolve()));
	});

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await main(process.argv[2]!);
	// What a tool left open must not keep the attempt alive.
	process.exit();
}
