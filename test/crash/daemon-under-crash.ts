/**
 * The real daemon in a process that kills itself with SIGKILL at a chosen moment:
 * `node daemon-under-crash.ts STATE after-commit N`, `… before-commit N` or `… after-spawn N`.
 * With `after-spawn`, the supervisor that was just spawned is held back by a file until the test lets it go, so that the
 * kill falls between its spawn and its claim.
 */
import childProcess, {type SpawnOptions} from 'node:child_process';
import {syncBuiltinESMExports} from 'node:module';
import path from 'node:path';

const [stateFolder, moment, countText] = process.argv.slice(2);
const count = Number(countText);
const die = () => process.kill(process.pid, 'SIGKILL');

if (moment === 'after-spawn') {
	const {spawn} = childProcess;
	let spawns = 0;
	const gate = path.join(stateFolder!, 'gate');
	childProcess.spawn = ((command: string, argv: readonly string[], options: SpawnOptions) => {
		if (++spawns !== count) return spawn(command, argv, options);
		const held = ['-c', 'while [ ! -e "$0" ]; do sleep 0.01; done; exec "$@"', gate, command, ...argv];
		const child = spawn('/bin/sh', held, options);
		die();
		return child;
	}) as typeof spawn;
	syncBuiltinESMExports();
}

const {startDaemon} = await import('../../runtime/daemon.ts');
let commits = 0;
const daemon = await startDaemon({
	stateFolder: stateFolder!,
	beforeCommit() {
		if (moment === 'before-commit' && commits + 1 === count) die();
	},
	onCommit() {
		commits++;
		if (moment === 'after-commit' && commits === count) die();
	},
});
await daemon.stopped;
