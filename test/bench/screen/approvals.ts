import {mainEntry} from '../../../source/install.ts';
import {openSession, workflowOf} from '../../sessions/session.ts';
import {percentileOf, round} from '../median.ts';
import {openTerminal} from './terminal.ts';

/** From the key that says yes, in a cockpit on a real daemon, to the event that the next step has started. */
export const measureApprovals = async (rounds: number) => {
	const session = openSession();
	try {
		const client = await session.client();
		const body = '## ask\n```yaml step\napproval: {}\n```\nShip it?\n## send\n```sh run\n:\n```\n';
		const file = session.write('ship.md', workflowOf('ship', body));
		const terminal = await openTerminal([process.execPath, mainEntry], session.environment, session.workspace);
		await terminal.written('quit');
		const ending = new AbortController();
		let told: ((startedMs: number) => void) | undefined;
		const watching = (async () => {
			for await (const message of client.events({signal: ending.signal})) {
				if (message.kind !== 'journal' || message.data.type !== 'attempt.started') continue;
				told?.(performance.now());
			}
		})();
		const lengths: number[] = [];
		for (let index = 0; index < rounds; index++) {
			terminal.clear();
			const runId = await session.start(file);
			await terminal.written('Ship it?');
			await terminal.quiet(50);
			terminal.clear();
			terminal.write('a');
			await terminal.written(/yes/);
			await terminal.quiet(350);
			const {promise, resolve} = Promise.withResolvers<number>();
			told = resolve;
			const startMs = performance.now();
			terminal.write('y');
			lengths.push((await promise) - startMs);
			told = undefined;
			await session.finish(runId);
		}

		ending.abort();
		await watching;
		await terminal.close();
		return {rounds, p50: round(percentileOf(lengths, 0.5), 1), p99: round(percentileOf(lengths, 0.99), 1)};
	} finally {
		await session.close();
	}
};
