import {existsSync} from 'node:fs';
import {geminiDefaults} from '../../source/install.ts';
import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';

const defaultsVariable = 'GEMINI_CLI_SYSTEM_DEFAULTS_PATH';

/** Defaults of the machine, which ours must not take the place of. */
const machineDefaults = [
	'/etc/gemini-cli/system-defaults.json',
	'/Library/Application Support/GeminiCli/system-defaults.json',
];

/**
 * The Gemini command line, which speaks ACP itself. How often it tries again it takes from settings only, so it is
 * pointed to defaults with a small number; the user's own settings come before those.
 */
export const createGeminiAdapter: AdapterFactory = (spec, environment) => {
	const dialect = builtInDialect('gemini', spec, environment, launch => {
		const hasDefaults =
			defaultsVariable in launch.set || defaultsVariable in environment || machineDefaults.some(existsSync);
		if (hasDefaults || !existsSync(geminiDefaults)) return launch;
		return {...launch, set: {...launch.set, [defaultsVariable]: geminiDefaults}};
	});
	return createAcpAdapter(spec, environment, {...dialect, titleIsCommand: true});
};
