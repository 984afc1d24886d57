import type {Code, Nodes} from 'mdast';
import type {ScriptLanguage} from '../definition.ts';
import {didYouMean, nearestOf} from '../text/nearest.ts';
import type {Report} from '../text/report.ts';
import {placeOf, type Section} from './outline.ts';
import {isFenceClosed, openingOf} from './unclosed.ts';

export type FenceRole = 'step' | 'run' | 'undo';

/** A fence that means something to the machine. */
export interface Fence {
	readonly role: FenceRole;
	/** First info word. */
	readonly language: string;
	/** The text as the Markdown parser gives it: without the fence's own indentation. */
	readonly code: string;
	readonly start: number;
	readonly end: number;
	/** Where its first line of content begins. */
	readonly contentStart: number;
	readonly contentEnd: number;
}

export const scriptLanguages: readonly ScriptLanguage[] = ['sh', 'bash', 'python', 'js', 'ts'];
const roles: readonly FenceRole[] = ['step', 'run', 'undo'];

/** @returns The fences with a role, at most one of each; problems of all fences go to the report. */
export const fencesOf = (report: Report, section: Section): readonly Fence[] => {
	const fences: Fence[] = [];
	for (const node of section.nodes) {
		if (node.type !== 'code') {
			reportNestedFences(report, section, node);
			continue;
		}

		const fence = fenceOf(report, section, node);
		if (!fence) continue;
		const first = fences.find(other => other.role === fence.role);
		if (!first) {
			fences.push(fence);
			continue;
		}

		const {line} = report.source.positionOf(first.start);
		const message = `This step has a second \`${fence.role}\` fence; the first is on line ${line}.`;
		report.error('fence.duplicate', fence.start, message, 'Merge the two, or begin another step with a `##` heading.');
	}

	return fences;
};

const fenceOf = (report: Report, section: Section, node: Code): Fence | undefined => {
	const {start, end} = placeOf(section, node);
	const source = report.source.text.slice(start, end);
	const opening = openingOf(source);
	if (!opening) return undefined;
	const language = node.lang ?? '';
	const [word = '', ...others] = (node.meta ?? '').trim().split(/\s+/);
	const role = roles.find(known => known === word);
	if (!role) {
		reportMisspelledRole(report, start, language, word);
		reportHiddenRole(report, start, `${language} ${node.meta ?? ''}`);
		return undefined;
	}

	if (!isLanguageOf(report, role, language, start + opening.length)) return undefined;
	if (others.length > 0) {
		const message = `Only the first two words of a fence count; \`${others.join(' ').slice(0, 40)}\` does nothing.`;
		report.warning('fence.word-unknown', start, message, 'Put settings into the `yaml step` fence.');
	}

	const contentStart = Math.min(end, start + (source.indexOf('\n') === -1 ? source.length : source.indexOf('\n') + 1));
	const contentEnd = isFenceClosed(source) ? Math.max(contentStart, start + source.lastIndexOf('\n') + 1) : end;
	return {role, language, code: node.value, start, end, contentStart, contentEnd};
};

const isLanguageOf = (report: Report, role: FenceRole, language: string, offset: number): boolean => {
	if (role === 'step') {
		if (language === 'yaml' || language === 'yml') return true;
		const message = `The settings of a step are YAML, not \`${language}\`.`;
		report.error('fence.language', offset, message, 'Open the fence with `yaml step`.');
		return false;
	}

	if (scriptLanguages.some(known => known === language)) return true;
	const meant = otherNames.get(language.toLowerCase());
	const suggestion = meant ? `Did you mean \`${meant}\`?` : didYouMean(language, scriptLanguages, '');
	report.error('fence.language', offset, `\`${language}\` is not a language a step can ${role}.`, suggestion);
	return false;
};

const otherNames: ReadonlyMap<string, ScriptLanguage> = new Map([
	['javascript', 'js'],
	['mjs', 'js'],
	['node', 'js'],
	['typescript', 'ts'],
	['mts', 'ts'],
	['py', 'python'],
	['python3', 'python'],
	['shell', 'sh'],
	['zsh', 'bash'],
]);

/** A slip in the role would turn a script into prose. */
const reportMisspelledRole = (report: Report, start: number, language: string, word: string): void => {
	const isOurs = language === 'yaml' || language === 'yml' || scriptLanguages.some(known => known === language);
	if (!isOurs || !/^[a-z]+$/i.test(word) || word.length > 6) return;
	const meant = nearestOf(word, roles);
	if (meant === undefined) return;
	const message = `\`${word}\` is not a role of a fence, so this is text of the step.`;
	report.warning('fence.role-unknown', start, message, `Did you mean \`${language} ${meant}\`?`);
};

/** `run sh`, `{sh run}`, `sh:run` or a non-breaking space between the two words. */
const reportHiddenRole = (report: Report, start: number, info: string): void => {
	const words = info.split(/[^A-Za-z0-9]+/).filter(word => word !== '');
	const role = roles.find(known => words[0] === known || words[1] === known);
	const language = words.find(word => word !== role);
	if (words.length !== 2 || role === undefined || language === undefined) return;
	const isOurs = role === 'step' ? /^ya?ml$/.test(language) : scriptLanguages.some(known => known === language);
	if (!isOurs) return;
	const message = 'This fence has no role as it is written, so it is text of the step.';
	report.warning('fence.role-unknown', start, message, `Did you mean \`${language} ${role}\`?`);
};

const reportNestedFences = (report: Report, section: Section, node: Nodes): void => {
	if (!('children' in node) || (node.type !== 'list' && node.type !== 'listItem' && node.type !== 'blockquote')) return;
	for (const child of node.children) {
		if (child.type !== 'code') {
			reportNestedFences(report, section, child);
			continue;
		}

		const [word] = (child.meta ?? '').trim().split(/\s+/);
		if (!roles.some(role => role === word)) continue;
		const message = `A fence inside a list or a quote is text: this \`${word}\` fence does nothing.`;
		report.warning('fence.nested', placeOf(section, child).start, message, 'Move it to the left margin.');
	}
};
