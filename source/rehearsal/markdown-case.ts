import type {RootContent} from 'mdast';
import {fromMarkdown} from 'mdast-util-from-markdown';
import {frontmatterOf} from './frontmatter.ts';
import {readYamlPart, type YamlPart} from './yaml-part.ts';

/** A file of a case taken apart: the settings, and what is expected where that stands by itself. */
export interface CaseParts {
	readonly title?: string;
	readonly settings: YamlPart;
	readonly expect?: YamlPart;
}

/** The settings of a case are the frontmatter, what it expects the YAML fence under `## expect`; all else is for readers. */
export const partsOfMarkdown = (text: string): CaseParts => {
	const {yaml, body, linesBefore} = frontmatterOf(text) ?? {yaml: '', body: text, linesBefore: 0};
	const nodes = fromMarkdown(body).children;
	const fence = expectFenceOf(nodes);
	return {
		title: nodes.flatMap(node => (node.type === 'heading' && node.depth === 1 ? [headingText(node)] : []))[0],
		settings: readYamlPart(yaml, 1),
		// The fence's own line stands above its content.
		expect: fence && readYamlPart(fence.value, linesBefore + fence.position!.start.line),
	};
};

const expectFenceOf = (nodes: readonly RootContent[]) => {
	const start = nodes.findIndex(
		node => node.type === 'heading' && node.depth === 2 && headingText(node).toLowerCase() === 'expect',
	);
	if (start === -1) return undefined;
	for (const node of nodes.slice(start + 1)) {
		if (node.type === 'heading' && node.depth <= 2) return undefined;
		if (node.type === 'code' && /^ya?ml$/.test(node.lang ?? '')) return node;
	}

	return undefined;
};

const headingText = (node: Extract<RootContent, {type: 'heading'}>): string =>
	node.children
		.map(child => ('value' in child ? child.value : ''))
		.join('')
		.trim();
