import {argument} from 'pastel';
import {z} from 'zod';
import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell what a run of a workflow is likely to cost';
export const options = schemaOf(tables.costsEstimate);
export const args = z.tuple([
	z
		.string()
		.describe(
			argument({name: 'workflow', description: 'A file, a folder with a workflow.md, or a name from `workflow list`'}),
		),
]);

export default command(async () => (await import('../../source/cli/verbs/costs-estimate.ts')).estimateCosts);
