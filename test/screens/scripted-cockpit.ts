import {tmpdir} from 'node:os';
import path from 'node:path';
import {openCockpit} from '../../source/tui/main.tsx';
import {playBusy} from '../source/tui/scenes.ts';
import {createScriptedDaemon, type ScriptedDaemon} from '../source/tui/scripted-daemon.ts';

/**
 * A real cockpit on a scripted daemon, for a real terminal. `SCENE` names what is played; the daemon takes orders by
 * signals, so that a test can act from outside: SIGUSR1 prints a line, SIGUSR2 kills or revives it, and SIGALRM
 * crashes the cockpit.
 */
const scenes: Readonly<Record<string, () => ScriptedDaemon>> = {
	empty: () => createScriptedDaemon(),
	busy: () => playBusy(Date.now()),
	quiet: () => {
		const daemon = createScriptedDaemon();
		daemon.createRun('r-1', {workflow: 'release', number: 7, steps: [{id: 'ship', kind: 'approval'}, {id: 'tag'}]});
		const question = 'Ship these changes?';
		daemon.emit('r-1', 'approval.requested', {approvalId: 'ap-1', stepId: 'ship', kind: 'approval', question});
		return daemon;
	},
	printing: () => {
		const daemon = createScriptedDaemon();
		daemon.createRun('r-1', {workflow: 'count', number: 1, steps: [{id: 'count'}]});
		daemon.emit('r-1', 'attempt.started', {stepId: 'count', attempt: 1});
		for (let line = 1; line <= 200; line++) daemon.print('r-1', 'count', `line ${line} of the count\n`);
		return daemon;
	},
};

const daemon = scenes[process.env.SCENE ?? 'busy']!();
let printed = 200;
let isAlive = true;
process.on('SIGUSR1', () => daemon.print('r-1', 'count', `line ${++printed} of the count\n`));
process.on('SIGUSR2', () => {
	isAlive = !isAlive;
	if (isAlive) daemon.revive();
	else daemon.kill();
});
process.on('SIGALRM', () => {
	throw new Error('crashed on purpose');
});

process.exitCode = await openCockpit({
	connect: daemon.connect,
	workspace: '/src/shop',
	version: '0.1.0',
	copyFile: path.join(tmpdir(), `aiworkflow-copied-${process.pid}.txt`),
	isReadOnly: process.env.READ_ONLY === '1',
	isAscii: process.argv.includes('--ascii'),
	noColor: process.argv.includes('--no-color'),
	renderMode: process.argv.includes('--render=full') ? 'full' : 'incremental',
});
