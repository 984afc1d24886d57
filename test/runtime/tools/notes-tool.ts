import {appendFileSync, existsSync, readFileSync, writeFileSync} from 'node:fs';
import process from 'node:process';

/** A script that is a tool: `node notes-tool.ts OPERATION --text=…`, in the folder whose notes these are. */
const [, , operation, ...args] = process.argv;
const file = 'notes.txt';

switch (operation) {
	case 'read':
		process.stdout.write(
			JSON.stringify({notes: existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []}),
		);
		break;
	case 'add':
		appendFileSync(file, `${args[0]?.replace('--text=', '')}\n`);
		process.stdout.write(JSON.stringify({added: true}));
		break;
	case 'key':
		process.stdout.write(JSON.stringify({key: process.env.NOTES_KEY ?? null}));
		break;
	case 'slow':
		writeFileSync('slow.pid', String(process.pid));
		setTimeout(() => process.stdout.write('{"slow":true}'), 60_000);
		break;
	default:
		process.stderr.write('out of ink\n');
		process.exit(3);
}
