import type {CollectedFile} from './collection.ts';

const kib = 1024;

/** What is too large or too strange to be written down: other bytes of the same texts, and texts of 250 KB. */
export const grownFiles = (written: readonly CollectedFile[]): readonly CollectedFile[] => {
	const textOf = (file: string): string => written.find(each => each.file === file)!.bytes.toString();
	const command = textOf('.claude/commands/fix-issue.md');
	const skill = textOf('skills/pdf/SKILL.md');
	const actions = textOf('old/plan.md');
	const ghAw = textOf('.github/workflows/issue-triage.md');
	const flow = textOf('flows/approval.md');
	const readme = textOf('README.md');
	const crlf = (text: string) => text.replaceAll('\n', '\r\n');
	const files: Readonly<Record<string, string | Buffer>> = {
		'.claude/commands/crlf.md': crlf(command),
		'.claude/commands/bom.md': `\uFEFF${command}`,
		'.claude/commands/bom-crlf.md': `\uFEFF${crlf(command)}`,
		'.claude/commands/cr.md': command.replaceAll('\n', '\r'),
		'.claude/commands/no-end.md': command.trimEnd(),
		'skills/crlf/SKILL.md': crlf(skill),
		'skills/bom/SKILL.md': `\uFEFF${skill}`,
		'old/crlf.md': crlf(actions),
		'.github/workflows/crlf.md': crlf(ghAw),
		'flows/crlf.md': crlf(flow),
		'flows/bom.md': `\uFEFF${flow}`,
		'bytes/empty.md': '',
		'bytes/blank.md': ' \n\t\n\n',
		'bytes/nul.md': 'a\0b',
		'bytes/nul-front.md': '---\nname: a\0\n---\nText.',
		'bytes/latin-1.md': Buffer.from('# Gr\u00FC\u00DFe\n', 'latin1'),
		'bytes/utf-16.md': Buffer.from('\uFEFF# Title\nText.', 'utf16le'),
		'bytes/picture.md': Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
		'bytes/cut-character.md': Buffer.from('Text \u{1F389}').subarray(0, 7),
		'bytes/lone-surrogate.md': Buffer.from('ed a0 80'.replaceAll(' ', ''), 'hex'),
		'bytes/controls.md': 'a\u0007b\u001B[31mred\u001B[0m\u0008\u007F',
		'bytes/separators.md': 'one\u2028two\u2029three\u0085four',
		'large/too-large.md': 'x'.repeat(300 * kib),
		'large/prose.md': `# Long\n${'All work and no play.\n\n'.repeat(7000)}`,
		'large/one-line.md': 'word '.repeat(50 * kib),
		'large/lines.md': 'x\n'.repeat(20_000),
		'large/table.md': `| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(12_000)}`,
		'large/headings.md': '## A heading\n\n'.repeat(7000),
		'large/underlined.md': 'Heading\n===\n\n'.repeat(3000),
		'large/quotes.md': `${'>'.repeat(5000)} deep`,
		'large/lists.md': `${'- '.repeat(5000)}deep`,
		'large/stars.md': '*'.repeat(200 * kib),
		'large/brackets.md': '['.repeat(200 * kib),
		'large/backticks.md': Array.from({length: 600}, (_, index) => '`'.repeat(index + 1)).join(' '),
		'large/spaces-in-heading.md': `# a${' '.repeat(200 * kib)}b\n`,
		'large/spaces-after-heading.md': `# a${' '.repeat(200 * kib)}#x\n`,
		'large/hashes.md': `# a ${'#'.repeat(200 * kib)}x\n`,
		'large/comments.md': '<!-- '.repeat(40 * kib),
		'large/expressions.md': '${{ '.repeat(40 * kib),
		'.claude/commands/placeholders.md': '$1 $ARGUMENTS '.repeat(10 * kib),
		'.claude/commands/long-command.md': `!\`echo ${'"$1" '.repeat(20 * kib)}\``,
		'.claude/commands/open-commands.md': ' !`'.repeat(60 * kib),
		'.claude/commands/mentions.md': `@${'./'.repeat(100 * kib)} ${'@a/b '.repeat(1000)}`,
		'.claude/commands/tool-brackets.md': `---\nallowed-tools: ${'Bash('.repeat(30 * kib)}\n---\nDo.`,
		'.claude/commands/many-tools.md': `---\nallowed-tools: ${Array.from({length: 3000}, (_, index) => `Bash(a${index}:*)`).join(', ')}\n---\nDo.`,
		'.claude/commands/hint.md': `---\nargument-hint: "${'['.repeat(50 * kib)}"\n---\nDo $1.`,
		'front/alias-bomb.md': `---\n${aliasBomb}\n---\nText.`,
		'front/alias-bomb-tools.md': `---\ndescription: x\n${aliasBomb}\nallowed-tools: *l9\n---\nText.`,
		'front/deep-flow.md': `---\nargument-hint: ${'['.repeat(20_000)}\n---\nText.`,
		'front/deep-map.md': `---\n${Array.from({length: 500}, (_, index) => `${' '.repeat(index)}a:`).join('\n')}\n---\nText.`,
		'front/many-keys.md': `---\n${Array.from({length: 10_000}, (_, index) => `key${index}: x`).join('\n')}\n---\nText.`,
		'front/long-value.md': `---\ndescription: ${'x'.repeat(200 * kib)}\nargument-hint: y\n---\nText.`,
		'front/same-keys.md': `---\nallowed-tools: Read\n${'name: x\n'.repeat(5000)}---\nText.`,
		'old/many-blocks.md': `# Many\n${'## Step\n```action:sh\necho {{ x }}\n```\n'.repeat(2500)}`,
		'old/values.md': `# Values\n\`\`\`action:agent\n${'{{ x }} '.repeat(20 * kib)}\n\`\`\`\n`,
		'old/open-values.md': `# Values\n\`\`\`action:agent\n${'{{ x '.repeat(40 * kib)}\n\`\`\`\n`,
		'old/deep-yaml.md': `# Deep\n\`\`\`yaml\naction: agent\nprompt: ${'['.repeat(20_000)}\n\`\`\`\n`,
		'old/bomb.md': `# Bomb\n\`\`\`yaml\naction: agent\n${aliasBomb}\nprompt: x\n\`\`\`\n`,
		'.github/workflows/many-steps.md': `---\non: push\nsteps:\n${'  - run: echo "${{ github.actor }}"\n'.repeat(2500)}---\nText.`,
		'.github/workflows/many-events.md': `---\non:\n${Array.from({length: 2000}, (_, index) => `  event_${'abcdefghij'[index % 10]}${'x'.repeat(index % 40)}:`).join('\n')}\n---\nText.`,
		'docs/many-fences.md': '```\nx\n```\n'.repeat(4000),
		'docs/alternating-fences.md': '```\n~~~\n'.repeat(6000),
		'docs/readme-in-tabs.md': readme.replaceAll(/^/gm, '\t'),
		'docs/readme-in-quote.md': readme.replaceAll(/^/gm, '> '),
		'docs/entities.md': '&amp;&#x41;&nbsp;'.repeat(5 * kib),
		'docs/links.big.md': '[a](b)'.repeat(30 * kib),
	};
	return Object.entries(files).map(([file, text]) => ({
		file,
		bytes: typeof text === 'string' ? Buffer.from(text) : text,
	}));
};

/** Each line stands for nine of the line above: 9^9 in the end. */
const aliasBomb = [
	'l0: &l0 lol',
	...Array.from({length: 9}, (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`),
].join('\n');
