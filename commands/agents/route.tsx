import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'Tell which agent would be chosen now, and why';
export const options = schemaOf(tables.agentsRoute);

export default command(async () => (await import('../../source/cli/verbs/agents-route.ts')).routeAgents);
