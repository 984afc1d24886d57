import {splitTemplate} from '../../expression/template.ts';
import type {Report} from '../../text/report.ts';
import type {YamlEntry} from '../../yaml/tree.ts';
import {readTemplate, wrong} from '../read-value.ts';

/** A setting that must be a secret and nothing else: `${{ secrets.NAME }}`. @returns Its name. */
export const readSecretName = (report: Report, entry: YamlEntry): string | undefined => {
	const template = readTemplate(report, entry);
	if (template === undefined) return undefined;
	const [only, ...others] = splitTemplate(template.trim());
	const name =
		only?.kind === 'expression' && others.length === 0 ? /^\s*secrets\.([A-Za-z_]\w*)\s*$/.exec(only.text) : null;
	if (name) return name[1];
	return wrong(
		report,
		entry.key,
		entry.value,
		'a secret',
		`Write \`${entry.key}: \${{ secrets.NAME }}\`; a file is no place for the secret itself.`,
	);
};
