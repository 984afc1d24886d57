import type {WebhookTrigger} from '../../triggers.ts';
import {readChoice, readText, readTextList, wrong} from '../read-value.ts';
import {readSecretName} from './secret.ts';
import {missingKey, readTriggerKeys, type TriggerReader, wrongTrigger} from './trigger-reader.ts';

const example = 'webhook: { path: /github, style: github, secret: "${{ secrets.WEBHOOK_SECRET }}" }';
const methods = ['POST', 'PUT', 'PATCH', 'GET'] as const;
const post: WebhookTrigger['methods'] = ['POST'];
const pathCharactersMax = 200;

/** Requests for anything else would never come as it is written. */
const isPlain = (path: string): boolean =>
	path.length <= pathCharactersMax &&
	(path === '/' ||
		path
			.split('/')
			.slice(1)
			.every(part => !/^\.{0,2}$/.test(part)));

export const readWebhook: TriggerReader<WebhookTrigger> = (report, node, start) => {
	if (node.kind !== 'map') return wrongTrigger(report, 'webhook', node, example);
	const {entries, common, sites} = readTriggerKeys(
		report,
		node,
		['path', 'secret', 'style', 'auth', 'respond', 'methods'],
		'webhook',
	);
	const pathEntry = entries.get('path');
	if (!pathEntry) return missingKey(report, 'webhook', 'path', start, example);
	const path = readText(report, pathEntry)?.trim();
	if (path !== undefined && !/^\/[\w./~-]*$/.test(path))
		return wrong(
			report,
			'path',
			pathEntry.value,
			'a path of letters, digits, `.`, `_`, `~`, `-` and `/`',
			'Write `path: /github`.',
		);
	if (path !== undefined && !isPlain(path))
		return wrong(
			report,
			'path',
			pathEntry.value,
			`at most ${pathCharactersMax} characters, and no part of it empty, \`.\` or \`..\``,
			'Write `path: /github`.',
		);
	const style = entries.get('style');
	const auth = entries.get('auth');
	const respond = entries.get('respond');
	const methodsEntry = entries.get('methods');
	const secret = entries.get('secret');
	const secretName = secret && readSecretName(report, secret);
	const isOpen = auth && readChoice(report, auth, ['none']) === 'none';
	if (!secret && !isOpen) {
		const message = '`on.webhook` has no `secret:`, so anybody could start it.';
		report.error(
			'key.missing',
			start,
			message,
			`Write \`${example}\`, or \`auth: none\` for a webhook that only this machine reaches.`,
		);
	}

	if (secret && isOpen)
		wrong(
			report,
			'auth',
			auth.value,
			'left out where there is a `secret:`',
			'Remove one of them: with `auth: none` nothing is signed.',
		);
	const styleName = (style && readChoice(report, style, ['github', 'stripe', 'slack', 'generic'])) ?? 'generic';
	const allowed = methodsEntry ? (readTextList(report, methodsEntry) ?? []).flatMap(({text}) => methodOf(text)) : post;
	if (methodsEntry && !isOpen && styleName !== 'generic' && allowed.includes('GET'))
		wrong(
			report,
			'methods',
			methodsEntry.value,
			`methods that have a body: \`${styleName}\` signs nothing else`,
			'Remove `GET`, or write `style: generic`.',
		);
	if (path === undefined) return undefined;
	return {
		value: {
			kind: 'webhook',
			path,
			...(secretName !== undefined && {secretName}),
			style: styleName,
			methods: allowed,
			respond: (respond && readChoice(report, respond, ['accepted', 'wait'])) ?? 'accepted',
			...common,
		},
		sites,
	};

	function methodOf(text: string): WebhookTrigger['methods'] {
		const method = methods.find(candidate => candidate === text.toUpperCase());
		if (!method) wrong(report, 'methods', methodsEntry!.value, methods.map(each => `\`${each}\``).join(', '));
		return method ? [method] : [];
	}
};
