import type {DraftStep} from '../draft.ts';
import {isRecord, listOf, textOf} from '../front-matter.ts';
import type {Notes} from '../notes.ts';
import {escapeExpressions} from '../prompt-text.ts';
import type {SourceFile} from '../source-file.ts';

export interface OutputSteps {
	/** What the agent has to answer. */
	readonly outputs: Readonly<Record<string, unknown>>;
	/** What is done with it: scripts, so that the agent itself needs no rights for it. */
	readonly steps: readonly DraftStep[];
}

interface Maker {
	readonly outputs: Readonly<Record<string, string>>;
	readonly step: (settings: Readonly<Record<string, unknown>>) => DraftStep;
}

const answer = (name: string) => `\${{ steps.work.outputs.${name} }}`;

const makers: Readonly<Record<string, Maker>> = {
	'create-issue': {
		outputs: {issue_title: 'string', issue_body: 'string'},
		step: settings => ({
			title: 'Create the issue',
			settings: {
				if: "steps.work.outputs.issue_title != ''",
				env: {
					TITLE: `${literal(settings['title-prefix'])}${answer('issue_title')}`,
					BODY: answer('issue_body'),
					LABELS: listOf(settings.labels).map(literal).join(','),
				},
			},
			script: {language: 'sh', code: 'gh issue create --title "$TITLE" --body "$BODY" ${LABELS:+--label "$LABELS"}'},
		}),
	},
	'add-comment': {
		outputs: {comment_on: 'string', comment: 'string'},
		step: () => ({
			title: 'Add the comment',
			settings: {
				if: "steps.work.outputs.comment != ''",
				env: {NUMBER: answer('comment_on'), BODY: answer('comment')},
			},
			script: {language: 'sh', code: 'gh issue comment "$NUMBER" --body "$BODY"'},
		}),
	},
	'add-labels': {
		outputs: {label_on: 'string', labels: 'string'},
		step: settings => ({
			title: 'Add the labels',
			text:
				listOf(settings.allowed).length > 0
					? `Only these may be given: ${listOf(settings.allowed).map(plain).join(', ')}.`
					: undefined,
			settings: {
				if: "steps.work.outputs.labels != ''",
				env: {
					NUMBER: answer('label_on'),
					LABELS: answer('labels'),
					ALLOWED: listOf(settings.allowed).map(literal).join(','),
				},
			},
			script: {language: 'sh', code: labelCode},
		}),
	},
	'create-pull-request': {
		outputs: {branch: 'string', pull_title: 'string', pull_body: 'string'},
		step: settings => ({
			title: 'Create the pull request',
			settings: {
				if: "steps.work.outputs.pull_title != ''",
				env: {
					BRANCH: answer('branch'),
					TITLE: `${literal(settings['title-prefix'])}${answer('pull_title')}`,
					BODY: answer('pull_body'),
				},
			},
			script: {
				language: 'sh',
				code: [
					'git switch -c "$BRANCH"',
					'git add --all',
					'git commit -m "$TITLE"',
					'git push -u origin "$BRANCH"',
					`gh pr create --title "$TITLE" --body "$BODY"${settings.draft === false ? '' : ' --draft'}`,
				].join('\n'),
			},
		}),
	},
};

/** A label that was not foreseen fails the step: what an agent answers is not to be trusted with the whole list. */
const labelCode = `echo "$LABELS" | tr ',' '\\n' | while IFS= read -r label; do
	case ",\${ALLOWED:-$label}," in
	*",$label,"*) gh issue edit "$NUMBER" --add-label "$label" ;;
	*) echo "The label $label is not allowed." >&2; exit 1 ;;
	esac
done`;

/** `safe-outputs:`: the agent says what should be, a script without judgement does it. */
export const outputSteps = ({front}: SourceFile, notes: Notes): OutputSteps => {
	const value = front?.value('safe-outputs');
	const outputs: Record<string, unknown> = {};
	const steps: DraftStep[] = [];
	const line = front?.lineOf('safe-outputs') ?? 1;
	for (const [name, given] of Object.entries(isRecord(value) ? value : {})) {
		const maker = Object.hasOwn(makers, name) ? makers[name]! : undefined;
		if (!maker) {
			notes.dropped(
				line,
				`safe-outputs: ${name}`,
				'has no script here',
				'Add a step after `work` that does it, with `env:` from its outputs.',
			);
			continue;
		}

		const settings = isRecord(given) ? given : {};
		Object.assign(outputs, maker.outputs);
		steps.push(maker.step(settings));
		const names = Object.keys(maker.outputs).join(', ');
		notes.changed(
			line,
			`safe-outputs: ${name}`,
			`the agent answers ${names} (empty: nothing), a script calls \`gh\`: once, whatever \`max\` says`,
			'Put an `approval:` step before it where a person should look first.',
		);
	}

	return {outputs, steps};
};

/** Of the file, inside a value that may hold expressions. */
const literal = (value: unknown): string => (textOf(value) === undefined ? '' : escapeExpressions(String(value)));
const plain = (text: string): string => text.replaceAll(/[`<>#\n]/g, ' ');
