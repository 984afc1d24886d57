import module from 'node:module';
import {homedir} from 'node:os';
import path from 'node:path';
import {type CockpitFlags, routeOf} from './dispatch.ts';
import {createOutput, endQuietlyOnBrokenPipe} from './output.ts';
import {reportFailure} from './report-failure.ts';
import {runVerb} from './verb.ts';

export interface Start {
	/** What was typed behind the program's name. */
	readonly typed: readonly string[];
	/** The file beside the `commands` folder. */
	readonly entry: ImportMeta;
	/** Opens the cockpit; resolves to the exit code. */
	readonly cockpit: (flags: CockpitFlags) => Promise<number>;
}

/** Sends a start where it belongs; each way loads only what it needs. */
export const start = async ({typed, entry, cockpit}: Start): Promise<void> => {
	try {
		const route = routeOf(typed, process.stdin.isTTY === true && process.stdout.isTTY === true, process.env);
		if (route.kind === 'fast') return await runVerb(route.call.path.load, route.call.args, route.call.options);
		if (route.kind === 'complete') return (await import('./completion/answer.ts')).answerShell(route.words);
		keepCompiledCode(process.env);
		if (route.kind === 'inline') {
			const {noColor, isVerbose, isSpoken} = route.flags;
			endQuietlyOnBrokenPipe();
			const {showInline} = await import('./inline/inline.ts');
			const output = createOutput({json: false, verbose: isVerbose, color: !noColor});
			process.exitCode = await showInline({output, isSpoken});
		} else if (route.kind === 'cockpit') {
			// An answer still on its way, or a stream that is being closed, must not hold the terminal.
			process.exit(await cockpit(route.flags));
		} else {
			const {runPastel} = await import('./pastel/run-pastel.ts');
			await runPastel(route.words, entry);
		}
	} catch (error) {
		const output = createOutput({json: typed.includes('--json'), verbose: typed.includes('--verbose'), color: true});
		process.exitCode = await reportFailure(error, output);
	}
};

/** In the user's own cache folder: Node's default is a folder under /tmp that anybody may have made. */
const keepCompiledCode = (environment: NodeJS.ProcessEnv) => {
	const base = environment.XDG_CACHE_HOME || path.join(environment.HOME || homedir(), '.cache');
	module.enableCompileCache(path.join(base, 'aiworkflow', 'compile'));
};
