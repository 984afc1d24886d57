// The note as Markdown, on standard output.
const draft = JSON.parse(process.env.DRAFT || 'null') ?? {};
const isReplay = Object.values(JSON.parse(process.env.AIWORKFLOW_AGENTS_JSON || '{}')).some(agent => agent.isReplay);
const section = (title, entries = []) =>
	entries.length === 0
		? []
		: [`**${title}**\n${entries.map(entry => `- ${entry.replaceAll(/\s+/g, ' ').trim()}`).join('\n')}`];

const parts = [...section('Done', draft.done), ...section('Next', draft.next), ...section('Blocked', draft.blocked)];
console.log(
	[
		`## ${new Date().toISOString().slice(0, 10)}`,
		...(isReplay ? ['> From a recording: this is not what you did.'] : []),
		...(parts.length > 0 ? parts : [`Nothing to tell since ${process.env.SINCE}.`]),
	].join('\n\n'),
);
