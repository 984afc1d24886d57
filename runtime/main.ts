import meow from 'meow';
import {failureOf} from '../source/errors.ts';
import {stateFolderOf} from '../source/paths.ts';
import {startDaemon} from './daemon.ts';

/** The daemon's process. Clients start it; by hand: `aiworkflow daemon start`. */
const cli = meow(
	`
	Usage
	  $ aiworkflow-daemon [--state <folder>]

	Options
	  --state  Folder of the journal, the socket and the runs (default: $AIWORKFLOW_HOME, see the README)
`,
	{importMeta: import.meta, flags: {state: {type: 'string'}}},
);

try {
	const daemon = await startDaemon({stateFolder: cli.flags.state ?? stateFolderOf()});
	for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void daemon.stop(signal));
	process.on('SIGHUP', () => {});
	// A defect outside of any run: the journal has everything, so ending is the safe thing, and saying so the kind one.
	for (const defect of ['uncaughtException', 'unhandledRejection'] as const) {
		process.on(defect, error => {
			daemon.log.fatal({err: error}, defect);
			process.exit(1);
		});
	}

	await daemon.stopped;
	process.exit(0);
} catch (error) {
	// One line for the client that started us; it tells the person.
	const {code, message, suggestion} = failureOf(error);
	process.stderr.write(`${JSON.stringify({code, message, suggestion})}\n`);
	process.exit(1);
}
