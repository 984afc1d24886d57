import path from 'node:path';
import type {Client} from '../client/client.ts';
import type {WrittenRecording} from '../rehearsal/write-recording.ts';
import type {Output} from './output.ts';

/** Writes the recordings of an ended run and of the sub-workflows it used, and tells what was written. */
export const recordRun = async (
	client: Client,
	runId: string,
	output: Output,
): Promise<readonly WrittenRecording[]> => {
	const {writeRecording} = await import('../rehearsal/write-recording.ts');
	const written: WrittenRecording[] = [];
	const files = new Set<string>();
	const record = async (id: string): Promise<void> => {
		const recording = await client.recording(id);
		const {name, file} = recording.workflow;
		if (files.has(file))
			return output.note(`! ${name} was used more than once: only the answers of its first run are recorded.`);
		files.add(file);
		for (const warning of recording.warnings) output.note(`! ${warning}`);
		const done = await writeRecording(recording);
		if (done) {
			written.push(done);
			output.note(wordsOf(done));
		} else if (recording.childRunIds.length === 0) {
			output.note(`No agent answered in ${name}: there is nothing to record.`);
		}

		for (const child of recording.childRunIds) await record(child);
	};

	await record(runId);
	return written;
};

const wordsOf = ({file, answers, kept, backup}: WrittenRecording): string => {
	const count = (number: number) => (number === 1 ? '1 answer' : `${number} answers`);
	const relative = path.relative(process.cwd(), file);
	const name = relative.startsWith('..') ? file : relative;
	return [
		`Recorded ${count(answers)} in ${name}`,
		kept > 0 ? `; ${count(kept)} of before kept` : '',
		backup ? `; the file as it was is ${path.basename(backup)}` : '',
		'.',
	].join('');
};
