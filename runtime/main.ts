import meow from 'meow';
import {failureOf} from '../source/errors.ts';
import {stateFolderOf} from '../source/paths.ts';
import {startDaemon} from './daemon.ts';
import {stopWithout} from './owner.ts';

/** The daemon's process. Clients start it; by hand: `aiworkflow daemon start`. */
const cli = meow(
	`
	Usage
	  $ aiworkflow-daemon [--state <folder>]

	Options
	  --state  Folder of the journal, the socket and the runs (default: $AIWORKFLOW_HOME, see the README)
	  --owner  Pid of the process it is there for: it ends when that has ended (default: none)
`,
	{importMeta: import.meta, flags: {state: {type: 'string'}, owner: {type: 'number'}}},
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

	const {owner} = cli.flags;
	if (owner !== undefined) stopWithout(owner, () => void daemon.stop('whoever started it is gone'));
	await daemon.stopped;
	process.exit(0);
} catch (error) {
	// One line for the client that started us; it tells the person.
	const {code, message, suggestion} = failureOf(error);
	process.stderr.write(`${JSON.stringify({code, message, suggestion})}\n`);
	process.exit(1);
}
