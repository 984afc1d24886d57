import {options as tables} from '../source/cli/options.ts';
import {command} from '../source/cli/pastel/command.ts';
import {schemaOf} from '../source/cli/pastel/option-schema.ts';

export const description = 'Allow agents, tools and triggers of this workspace to run';
export const options = schemaOf(tables.trust);

export default command(async () => (await import('../source/cli/verbs/trust.ts')).trust);
