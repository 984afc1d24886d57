import {describe, expect, test} from 'vitest';
import {createUsageMeter, tokensOfUsage} from '../../../../runtime/agents/acp/usage.ts';

describe('tokens of a turn, in the four ways agents count them', () => {
	test.each([
		[
			'claude: cached apart',
			{inputTokens: 1200, outputTokens: 42, cachedReadTokens: 300, cachedWriteTokens: 100, totalTokens: 1642},
			{input: 1600, cachedInput: 300, cachedWrite: 100, output: 42, reasoning: 0},
		],
		[
			'codex: cached apart, thoughts inside',
			{
				inputTokens: 900,
				outputTokens: 42,
				thoughtTokens: 7,
				cachedReadTokens: 300,
				cachedWriteTokens: 0,
				totalTokens: 1242,
			},
			{input: 1200, cachedInput: 300, output: 42, reasoning: 7},
		],
		[
			'opencode: both apart',
			{inputTokens: 900, outputTokens: 35, thoughtTokens: 7, cachedReadTokens: 300, totalTokens: 1242},
			{input: 1200, cachedInput: 300, output: 42, reasoning: 7},
		],
		[
			'copilot: both inside',
			{
				inputTokens: 1200,
				outputTokens: 42,
				thoughtTokens: 7,
				cachedReadTokens: 300,
				cachedWriteTokens: 0,
				totalTokens: 1242,
			},
			{input: 1200, cachedInput: 300, output: 42, reasoning: 7},
		],
		['no total: as reported', {inputTokens: 10, outputTokens: 5}, {input: 10, cachedInput: 0, output: 5, reasoning: 0}],
	])('%s', (_, usage, tokens) => {
		expect(tokensOfUsage(usage)).toEqual(tokens);
	});

	test.each([null, undefined, {}, {inputTokens: 0, outputTokens: 0, totalTokens: 0}, {inputTokens: 'many'}, []])(
		'%j tells nothing',
		usage => {
			expect(tokensOfUsage(usage)).toBeUndefined();
		},
	);
});

describe('cost', () => {
	const costOf = (...amounts: unknown[]) => {
		const meter = createUsageMeter();
		return amounts.map(amount => meter.onUpdate({cost: {amount, currency: 'USD'}})?.costMicroUsd);
	};

	test('cumulative amounts become differences that add up to the micro-dollar', () => {
		expect(costOf(0.0046949999999999995, 0.0046949999999999995, 0.0093899)).toEqual([4695, undefined, 4695]);
	});

	test('an amount of 0 is an unknown price, not a free model', () => {
		expect(costOf(0, 0)).toEqual([undefined, undefined]);
	});

	test('what is no amount of dollars is unknown', () => {
		expect(createUsageMeter().onUpdate({cost: {amount: 1, currency: 'EUR'}})).toBeUndefined();
		expect(costOf('1', null, Number.NaN)).toEqual([undefined, undefined, undefined]);
	});

	const tokens = {usage: {inputTokens: 10, outputTokens: 5}};

	test('tokens cost nothing more only in a turn whose cost was told', () => {
		const meter = createUsageMeter();
		const told = (amount: number) => meter.onUpdate({cost: {amount, currency: 'USD'}});
		expect(meter.onTurnEnd(tokens)).toMatchObject([{costMicroUsd: null, costSource: 'none'}]);
		told(0.001);
		expect(meter.onTurnEnd(tokens)).toMatchObject([{costMicroUsd: 0, costSource: 'agent'}]);
		told(0.001);
		expect(meter.onTurnEnd(tokens)).toMatchObject([{costMicroUsd: null, costSource: 'none'}]);
	});

	test('a cost of 0 never makes tokens free', () => {
		const meter = createUsageMeter();
		meter.onUpdate({cost: {amount: 0, currency: 'USD'}});
		expect(meter.onTurnEnd(tokens)).toMatchObject([{costMicroUsd: null}]);
	});

	test('who serves the model is told by the model of the session where the usage names none', () => {
		const meter = createUsageMeter({providerOf: model => model?.split('/')[0]});
		meter.setModel('openai/gpt');
		expect(meter.onTurnEnd(tokens)).toMatchObject([{provider: 'openai'}]);
	});

	test('several models in one turn stay apart', () => {
		const count = (input: number) => ({input_tokens: input, output_tokens: 1});
		const models = [
			{model: 'a', token_count: count(10)},
			{model: 'b', token_count: count(20)},
		];
		expect(createUsageMeter().onTurnEnd({_meta: {quota: {token_count: count(30), model_usage: models}}})).toMatchObject(
			[
				{model: 'a', tokens: {input: 10}, costMicroUsd: null},
				{model: 'b', tokens: {input: 20}, costMicroUsd: null},
			],
		);
	});
});
