import type {CallToolResult, Tool} from '@modelcontextprotocol/sdk/types.js';
import type {ToolOperation} from '../../../source/tools/definition.ts';
import type {ToolResult} from '../parts.ts';

export const operationOf = ({
	name,
	title,
	description,
	inputSchema,
	outputSchema,
	annotations,
}: Tool): ToolOperation => ({
	name,
	...((description ?? title) !== undefined && {description: description ?? title}),
	inputSchema,
	...(outputSchema && {outputSchema}),
	...(annotations?.readOnlyHint !== undefined && {isReadOnly: annotations.readOnlyHint}),
});

/** What is structured is the outputs; of anything else the text is the `result`, and what is no text is in `content`. */
export const resultOf = ({structuredContent, content = []}: CallToolResult): ToolResult => {
	const text = content
		.map(textOfBlock)
		.filter(block => block !== '')
		.join('\n');
	if (structuredContent) return {outputs: structuredContent, text: text || JSON.stringify(structuredContent)};
	const others = content.filter(({type}) => type !== 'text');
	return {outputs: {result: text, ...(others.length > 0 && {content: others})}, text};
};

export const textOfAnswer = ({content = [], structuredContent}: CallToolResult): string =>
	content.map(textOfBlock).join('\n').trim() || (structuredContent ? JSON.stringify(structuredContent) : '');

type Block = CallToolResult['content'][number];

/** For people: pictures and sounds are named, not shown. */
const textOfBlock = (block: Block): string => {
	if (block.type === 'text') return block.text;
	if (block.type === 'image' || block.type === 'audio') return `[${block.type} ${block.mimeType}]`;
	if (block.type === 'resource_link') return `[${block.name}](${block.uri})`;
	return 'text' in block.resource ? block.resource.text : `[${block.resource.uri}]`;
};
