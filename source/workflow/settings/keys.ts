import {didYouMean} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {shortened, type YamlEntry, type YamlMap} from '../yaml/tree.ts';
import {insteadOf, notBuiltMessage} from './not-built.ts';

export const frontmatterKeys = [
	'name',
	'description',
	'version',
	'on',
	'inputs',
	'outputs',
	'env',
	'agent',
	'model',
	'budget',
	'permissions',
	'tools',
	'timeout',
	'concurrency',
	'pass-env',
] as const;

export const stepKeys = [
	'id',
	'needs',
	'if',
	'env',
	'stdin',
	'cwd',
	'timeout',
	'idle-timeout',
	'retry',
	'continue-on-error',
	'outputs',
	'foreach',
	'strategy',
	'max-parallel',
	'fail-fast',
	'repeat',
	'uses',
	'with',
	'tool',
	'http',
	'transform',
	'sql',
	'approval',
	'wait',
	'webhook',
	'agent',
	'model',
	'budget',
	'permissions',
	'tools',
	'on-failover',
	'on-interrupt',
	'cache',
	'savepoint',
	'undo',
] as const;

/** Says which keys are not known (a warning) or not built (an error), and gives the others by name. */
export const readKeys = <K extends string>(
	report: Report,
	map: YamlMap,
	known: readonly K[],
	notBuilt: readonly string[],
	where: string,
): ReadonlyMap<K, YamlEntry> => {
	const entries = new Map<K, YamlEntry>();
	for (const entry of map.entries) {
		const key = known.find(candidate => candidate === entry.key);
		if (key !== undefined) {
			entries.set(key, entry);
		} else if (notBuilt.includes(entry.key)) {
			report.error('feature.not-built', entry.keyStart, notBuiltMessage(entry.key), insteadOf(entry.key));
		} else {
			const message = `\`${shortened(entry.key)}\` is not a key of ${where}; it does nothing.`;
			const suggestion =
				elsewhere.get(entry.key) ?? didYouMean(entry.key, [...known, ...notBuilt], `Known keys: ${known.join(', ')}.`);
			report.warning('key.unknown', entry.keyStart, message, suggestion);
		}
	}

	return entries;
};

/** What other tools have a key for and a workflow file says in another way. */
const elsewhere: ReadonlyMap<string, string> = new Map([
	['run', 'Write the script in a `sh run` fence.'],
	['script', 'Write the script in a `sh run` fence.'],
	['prompt', 'Write the prompt as text below the heading.'],
	['secrets', 'Read a secret in `env:` with `${{ secrets.NAME }}`.'],
	['steps', 'A step is a `##` heading.'],
	['jobs', 'A step is a `##` heading.'],
	['name', 'The heading is the name of the step; `id:` gives it another id.'],
	['timeout-minutes', 'Write `timeout: 5m`.'],
	['working-directory', 'Write `cwd:`.'],
	['matrix', 'Write `strategy: { matrix: { … } }`.'],
	['retries', 'Write `retry: 3`.'],
	['for-each', 'Write `foreach:`.'],
	['until', 'Write `repeat: { until: …, max: 10 }`.'],
	['shell', 'The first word of the fence is the language, as in `bash run`.'],
]);
