import type {ToolDetails, ToolImplementationView, ToolView} from '../../../api/messages.ts';
import {createPaint} from '../../../cli/colour.ts';
import {operationLinesOf} from '../../../cli/tool-words.ts';
import {keyOf} from '../../keys/remap.ts';
import {resourceWordsOf} from '../../rows/resource.ts';
import type {CockpitState} from '../../state.ts';
import {cleanText} from '../../text/clean.ts';
import {type Row, span} from '../../text/row.ts';
import {shortPathOf} from '../../text/short-path.ts';
import {wrap} from '../../text/width.ts';
import type {Look} from '../../theme.ts';
import {clockWords} from '../../times.ts';
import {diagnosticRowsOf} from '../workflows/source/rows.ts';
import {selectedToolOf, shownToolOf} from './select.ts';
import {implementationStandingOf} from './standing.ts';

/** All that is known of the tool under the cursor: its file, its implementations, and what it can do. */
export const toolDetailRowsOf = (state: CockpitState, columns: number, look?: Look): Row[] => {
	const tool = selectedToolOf(state);
	if (!tool) return [];
	return [
		...(tool.description ? wordRowsOf(tool.description, columns) : []),
		[span(` ${shortPathOf(tool.file, state.home)}`, 'muted')],
		...(tool.isTrusted
			? []
			: wordRowsOf(
					`Nobody trusts it: ${keyOf('ask-trust-here', state)} shows what that covers, and asks.`,
					columns,
					'alert',
				)),
		...tool.problems.flatMap(problem => diagnosticRowsOf(problem, columns, look?.glyphs.arrow ?? '')),
		...implementationRowsOf(tool, state, columns, look),
		...operationRowsOf(tool, state, columns),
	];
};

const implementationRowsOf = (tool: ToolView, {nowMs}: CockpitState, columns: number, look?: Look): Row[] => {
	if (tool.implementations.length === 0) return [];
	const width = Math.min(20, Math.max(...tool.implementations.map(({id}) => id.length)));
	return [
		[
			span(' Implementations', 'strong'),
			span(tool.implementations.length > 1 ? ', the preferred one first' : '', 'muted'),
		],
		...tool.implementations.flatMap(each => {
			const {glyph, style, words} = implementationStandingOf(each, nowMs);
			const facts = factsOf(each, nowMs);
			return [
				[
					span(` ${look?.glyphs.status[glyph] ?? ''} `, style),
					span(cleanText(each.id).padEnd(width)),
					span(`  ${each.kind}  `, 'key'),
					span(words, style),
				],
				...facts.flatMap(fact =>
					wrap(cleanText(fact), columns - 6).map((text): Row => [span(`     ${text}`, 'muted')]),
				),
			];
		}),
	];
};

const factsOf = ({agents, breaker, last, servers}: ToolImplementationView, nowMs: number): string[] => {
	const at = (iso: string) => clockWords(Date.parse(iso), nowMs);
	const facts: string[] = [];
	if (agents) facts.push(`for ${agents.join(', ')} only`);
	if (breaker && breaker.failures > 0)
		facts.push(
			`breaker ${breaker.state}, ${breaker.failures} ${breaker.failures === 1 ? 'failure' : 'failures in a row'}${breaker.untilAt ? `, until ${at(breaker.untilAt)}` : ''}`,
		);
	if (last?.failure) facts.push(`${at(last.at)} ${last.failure.code}: ${last.failure.message}`);
	else if (last) facts.push(`${at(last.at)} answered`);
	for (const {pid, state, startedAt, usedAt} of servers)
		facts.push(`server ${pid === null ? '' : `${pid} `}${state}, since ${at(startedAt)}, last used ${at(usedAt)}`);
	return facts;
};

const operationRowsOf = (tool: ToolView, state: CockpitState, columns: number): Row[] => {
	if (!tool.isTrusted || tool.implementations.length === 0) return [];
	const title: Row = [span(' Operations', 'strong')];
	const words = resourceWordsOf(state.fetched.tool, '', false);
	const details = shownToolOf(state);
	if (!details) return [title, ...wordRowsOf(words ?? 'Loading.', columns)];
	const {operations} = details;
	if (!operations) return [title, ...wordRowsOf(`Nobody asked it yet: ${keyOf('check-tool', state)} does.`, columns)];
	if (operations.length === 0) return [title, ...wordRowsOf('It has none.', columns)];
	return [title, ...operations.flatMap(operation => rowsOfOperation(operation, columns))];
};

/** `search(query: string, limit?: integer)`, and what it and its arguments are, in the words of `aiworkflow tools info`. */
const rowsOfOperation = (operation: ToolOperation, columns: number): Row[] => {
	const [head = '', ...about] = operationLinesOf(operation, {paint: plain});
	const [first = '', ...rest] = wrap(cleanText(head.trim()), columns - 5);
	const name = cleanText(operation.name);
	return [
		[span(`  ${name}`, 'strong'), span(first.slice(name.length))],
		...rest.map((text): Row => [span(`    ${text}`)]),
		...about.flatMap(line =>
			wrap(cleanText(line.trim()), columns - 7).map((text): Row => [span(`      ${text}`, 'muted')]),
		),
	];
};

type ToolOperation = NonNullable<ToolDetails['operations']>[number];

const plain = createPaint(false);

const wordRowsOf = (words: string, columns: number, style?: 'alert'): Row[] =>
	wrap(cleanText(words), columns - 2).map(text => [span(` ${text}`, style)]);
