import {realpathSync} from 'node:fs';
import {createAcpAdapter} from './acp.ts';
import type {AdapterFactory} from './adapter.ts';
import {builtInDialect} from './built-in-dialect.ts';
import {catalogue} from './catalogue.ts';
import {agentMissing} from './unavailable.ts';

/** Cursor's command line, as its documentation describes it; nobody ran it here. */
export const createCursorAdapter: AdapterFactory = (spec, environment) => {
	const dialect = builtInDialect('cursor', spec, environment, launch => {
		// Its other name is `agent`, which anybody may have taken.
		if (!spec.command && !/cursor/i.test(realpathSync(launch.command)))
			throw agentMissing(spec.id, '`cursor-agent`', catalogue.cursor.install);
		return launch;
	});
	return createAcpAdapter(spec, environment, {
		...dialect,
		authMethod: environment.CURSOR_API_KEY ? undefined : 'cursor_login',
	});
};
