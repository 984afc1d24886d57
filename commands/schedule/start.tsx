import {options as tables} from '../../source/cli/options.ts';
import {command} from '../../source/cli/pastel/command.ts';
import {schemaOf} from '../../source/cli/pastel/option-schema.ts';

export const description = 'See to it that the schedules of this workspace fire';
export const options = schemaOf(tables.scheduleStart);

export default command(async () => (await import('../../source/cli/verbs/schedule-start.ts')).startSchedules);
