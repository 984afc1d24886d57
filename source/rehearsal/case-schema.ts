import {z} from 'zod';
import {parseDurationMs} from '../units.ts';
import {type ApprovalAnswer, type ExpectedText, expectedStatuses} from './case.ts';

/** A file of a case, as it is written. */

const shortOf = (what: string) => ({error: `must be ${what}.`});

const isPattern = (text: string): boolean => {
	try {
		return Boolean(new RegExp(text, 'mu'));
	} catch {
		return false;
	}
};

const expectedText = z.union(
	[
		z.string(),
		z.strictObject({contains: z.string()}),
		z.strictObject({matches: z.string().refine(isPattern, 'must be a regular expression.')}),
		z.strictObject({absent: z.literal(true)}),
	],
	shortOf('the exact text, `{ contains: … }`, `{ matches: … }` with a regular expression, or `{ absent: true }`'),
) satisfies z.ZodType<ExpectedText>;

const answer = z.union([
	z.literal('approve').transform((): ApprovalAnswer => ({isApproved: true})),
	z.literal('reject').transform((): ApprovalAnswer => ({isApproved: false})),
	z
		.strictObject({approve: z.string()})
		.transform(({approve: comment}): ApprovalAnswer => ({isApproved: true, comment})),
	z.strictObject({reject: z.string()}).transform(({reject: comment}): ApprovalAnswer => ({isApproved: false, comment})),
]);

const answers = z.union(
	[answer.transform(one => [one]), z.array(answer).min(1)],
	shortOf('`approve`, `reject`, `{ reject: <comment> }`, or a list of those'),
);

const steps = z.record(
	z.string(),
	z.union(
		[
			z.string().transform(status => ({status})),
			z.strictObject({
				status: z.string().optional(),
				outputs: z.record(z.string(), z.unknown()).optional(),
				text: expectedText.optional(),
				failure: z.string().optional(),
			}),
		],
		shortOf('a status, or a mapping with `status`, `outputs`, `text`, `failure`'),
	),
);

const expectSchema = z.strictObject({
	status: z.enum(expectedStatuses, shortOf(`one of ${expectedStatuses.join(', ')}`)).default('completed'),
	failure: z.string().optional(),
	outputs: z.record(z.string(), z.unknown()).default({}),
	steps: steps.default({}),
	files: z.record(z.string(), expectedText).default({}),
	cost: z.strictObject({'max-usd': z.number().min(0)}).optional(),
});

const scalarText = z.union([z.string(), z.number(), z.boolean()]).transform(String);

export const caseSchema = z.strictObject({
	title: z.string().optional(),
	workflow: z.string().optional(),
	inputs: z.record(z.string(), z.unknown()).default({}),
	env: z.record(z.string(), scalarText).default({}),
	files: z
		.union([z.string(), z.record(z.string(), z.string())], shortOf('a folder to copy, or texts by their path'))
		.optional(),
	git: z.boolean().default(false),
	approve: z
		.union(
			[z.enum(['all', 'none']), z.record(z.string(), answers)],
			shortOf('`all`, `none`, or by step `approve`, `reject`, `{ reject: <comment> }` or a list of those'),
		)
		.default('all'),
	signals: z.record(z.string(), z.unknown()).default({}),
	timeout: z
		.string()
		.refine(text => parseDurationMs(text) !== undefined, 'must be a duration, such as 30s.')
		.optional(),
	expect: expectSchema.prefault({}),
});

export const caseKeys: readonly string[] = Object.keys(caseSchema.shape);
export const expectKeys: readonly string[] = Object.keys(expectSchema.shape);
export const costKeys: readonly string[] = ['max-usd'];
