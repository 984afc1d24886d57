import {sitesOf} from '../workflow/expression/site.ts';
import {readTemplate} from '../workflow/settings/read-value.ts';
import {didYouMean} from '../workflow/text/nearest.ts';
import type {Report} from '../workflow/text/report.ts';
import {shortened, type YamlEntry, type YamlMap} from '../workflow/yaml/tree.ts';
import {referenceOf} from './references.ts';

/** An unknown key is an error: a tool must not reach further than its file seems to say because of a slip. */
export const readToolKeys = <K extends string>(
	report: Report,
	map: YamlMap,
	known: readonly K[],
	where: string,
): ReadonlyMap<K, YamlEntry> => {
	const entries = new Map<K, YamlEntry>();
	for (const entry of map.entries) {
		const key = known.find(candidate => candidate === entry.key);
		if (key !== undefined) {
			entries.set(key, entry);
			continue;
		}

		const message = `\`${shortened(entry.key)}\` is not a key of ${where}.`;
		const suggestion = elsewhere.get(entry.key) ?? didYouMean(entry.key, known, `Its keys are: ${known.join(', ')}.`);
		report.error('key.unknown', entry.keyStart, message, suggestion);
	}

	return entries;
};

const elsewhere: ReadonlyMap<string, string> = new Map([
	['mcpServers', 'Write one file for each server, with its settings in `mcp:`.'],
	['type', 'Whether a server is a process or at an address is told by `command:` or `url:`.'],
	['agents', 'Agents that it is for stand in `for:`.'],
]);

/** Text that may read secrets and environment variables, and nothing else. */
export const readReferringText = (
	report: Report,
	entry: YamlEntry,
	may: 'read-secrets' | 'be-seen',
): string | undefined => {
	const text = readTemplate(report, entry);
	if (text === undefined || entry.value.kind !== 'scalar') return undefined;
	for (const {expression, offsetOf} of sitesOf(report, text, 'env', entry.value.offsetOf)) {
		const reference = referenceOf(expression);
		if (!reference) {
			const message = `A tool is not part of a run, so \`${shortened(entry.key)}\` can read secrets and the environment only.`;
			report.error('expression.misplaced', offsetOf(0), message, 'Write `${{ secrets.NAME }}` or `${{ env.NAME }}`.');
		} else if (reference.context === 'secrets' && may === 'be-seen') {
			const message = `Everybody on this machine can read \`${shortened(entry.key)}\`, so it cannot hold a secret.`;
			report.error('secret.exposed', offsetOf(0), message, 'Hand it over in `env:`.');
		}
	}

	return text;
};
