/**
 * Runs inside a mount namespace with a 2 MB file system: `node full-disk.ts FOLDER`. Fills the disk under a daemon with an
 * open run, looks at how it refuses, frees space, restarts, and prints what happened as JSON.
 */
import {rmSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {connect} from '../../source/client/connect.ts';
import {failureOf} from '../../source/errors.ts';

const folder = process.argv[2]!;
const stateFolder = path.join(folder, 'state');
const file = path.join(folder, 'w.md');
writeFileSync(file, '---\nname: w\n---\n# w\n## ask\n```yaml step\napproval: {}\n```\nGo on?\n');
const request = () => ({
	file,
	workspace: folder,
	inputs: {},
	environment: {PATH: process.env.PATH!, HOME: process.env.HOME!},
	origin: {by: 'test', via: 'api'},
});

const client = await connect({stateFolder});
const {runId} = await client.createRun(request());
const filler = path.join(folder, 'filler');
for (let size = 2 * 1024 * 1024; size >= 512; size = Math.floor(size / 2)) {
	try {
		writeFileSync(filler, Buffer.alloc(size, 'x'), {flag: 'a'});
	} catch {
		// What fits was written; the next, smaller piece fills what is left.
	}
}

/** Repeats until it is refused; @returns the code of the refusal. */
const refusalOf = async (act: () => Promise<unknown>): Promise<string> => {
	for (let index = 0; index < 500; index++) {
		try {
			await act();
		} catch (error) {
			return failureOf(error).code;
		}
	}

	return 'nothing';
};

// A new run needs a folder of its own; a write to the journal alone may still fit for a while.
const runRefusedWith = await refusalOf(() => client.createRun(request()));
const writeRefusedWith = await refusalOf(() => client.trust({workspace: folder, origin: request().origin}));
const {status: health, pid} = await client.health();
rmSync(filler);
await client.stopDaemon();
for (let waits = 0; waits < 500 && isAlive(pid); waits++) await new Promise(resolve => setTimeout(resolve, 10));
const again = await connect({stateFolder});
const kept = (await again.run(runId)).status === 'waiting';
const {approvals} = await again.approvals({status: 'open'});
const approval = approvals.find(each => each.runId === runId)!;
await again.approve(approval.id, {origin: {by: 'test', via: 'api'}});
let goesOn = false;
for (let waits = 0; waits < 500 && !goesOn; waits++) {
	goesOn = (await again.run(runId)).status === 'completed';
	await new Promise(resolve => setTimeout(resolve, 10));
}

await again.stopDaemon();
process.stdout.write(JSON.stringify({runRefusedWith, writeRefusedWith, health, kept, goesOn}));

function isAlive(pid: number) {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
}
