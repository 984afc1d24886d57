import path from 'node:path';
import {openDatabase} from '../../runtime/store/database.ts';
import {createRunsTable} from '../../runtime/store/runs.ts';
import type {WorkflowDefinition} from '../../source/workflow/definition.ts';
import {inTemporaryFolder, newRunOf, openEngine, sequenceOf} from './engine-under-test.ts';
import {round} from './median.ts';

const rssMb = () => {
	global.gc?.();
	return process.memoryUsage().rss / 1e6;
};

/** So many runs that wait for a person: what they cost while nothing happens, and how soon one goes on. */
export const measureWaiting = async (count: number) => {
	const definition: WorkflowDefinition = {
		...sequenceOf('waiting', 1),
		steps: [
			{
				...{id: 'ask', title: 'ask', line: 1, needs: [], env: {}, continueOnError: false},
				...{kind: 'approval', question: 'Go on?', onExpire: 'reject', onReject: 'fail', expiresMs: 86_400_000},
			},
		],
	};
	return inTemporaryFolder(async folder => {
		const before = openEngine(folder);
		for (let index = 0; index < count; index += 500) {
			await Promise.all(
				Array.from({length: Math.min(500, count - index)}, () => before.engine.createRun(newRunOf(definition))),
			);
		}

		before.close();
		const emptyMb = rssMb();
		const {engine, close} = openEngine(folder);
		engine.recover();
		const used = process.cpuUsage();
		const startMs = performance.now();
		await new Promise(resolve => setTimeout(resolve, 2000));
		const cpu = process.cpuUsage(used);
		const cpuPercent = (cpu.user + cpu.system) / 10 / (performance.now() - startMs);
		const inMemory = engine.openRuns().length;
		const growthMb = rssMb() - emptyMb;
		const id = idOfFirst(folder);
		const resumeMs = performance.now();
		const approval = Object.values(engine.find(id)!.approvals)[0]!;
		await engine.answerApproval(id, approval.id, {isApproved: true, origin: {by: 'bench', via: 'api'}});
		const resumedMs = performance.now() - resumeMs;
		close();
		return {
			runs: count,
			inMemory,
			cpuPercent: round(cpuPercent, 2),
			rssGrowthMb: round(growthMb, 1),
			/** From the answer to the durable end of the run. */
			resumeMs: round(resumedMs, 2),
		};
	});
};

const idOfFirst = (folder: string): string => {
	const database = openDatabase(path.join(folder, 'journal.db'));
	const [first] = createRunsTable(database).list({limit: 1});
	database.close();
	return first!.view.id;
};

/** So many finished runs in the journal: what a daemon that starts on it holds in memory, and the bytes of a step. */
export const measureFinished = async (count: number) => {
	const definition = sequenceOf('finished', 3);
	return inTemporaryFolder(async folder => {
		const before = openEngine(folder);
		for (let index = 0; index < count; index += 500) {
			await Promise.all(Array.from({length: Math.min(500, count - index)}, () => before.run(definition)));
		}

		before.close();
		const emptyMb = rssMb();
		const database = openDatabase(path.join(folder, 'journal.db'));
		const {bytes} = database
			.prepare('SELECT page_count * page_size AS bytes FROM pragma_page_count(), pragma_page_size()')
			.get() as {bytes: number};
		database.close();
		const startMs = performance.now();
		const {engine, close} = openEngine(folder);
		engine.recover();
		const openMs = performance.now() - startMs;
		const growthMb = rssMb() - emptyMb;
		close();
		return {
			runs: count,
			rssGrowthMb: round(growthMb, 1),
			openMs: round(openMs, 1),
			journalBytesPerRun: Math.round(bytes / count),
			journalBytesPerStep: Math.round(bytes / count / 3),
		};
	});
};
