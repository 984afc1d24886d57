import {existsSync} from 'node:fs';
import {Command, Help} from 'commander';
import {type AiworkflowError, usageInvalid} from '../../errors.ts';
import {meantBy} from '../did-you-mean.ts';
import {exitCodes} from '../exit-codes.ts';
import {createOutput} from '../output.ts';
import {tellFailure} from '../report-failure.ts';

/** Makes commander, under Pastel, tell mistakes our way: what was meant, exit code 2, and JSON under `--json`. */
export const tellUsageErrors = (typed: readonly string[]): void => {
	const output = createOutput({json: typed.includes('--json'), verbose: false, color: !typed.includes('--no-color')});

	Command.prototype.error = function (this: Command, message: string, errorOptions?: {code?: string}): never {
		process.exit(tellFailure(usageFailureOf(this, message, errorOptions?.code), output));
	};

	Command.prototype.help = function (this: Command, context?: {error?: boolean} | unknown): never {
		const isMistake = typeof context === 'object' && context !== null && 'error' in context && context.error === true;
		this.outputHelp({error: isMistake});
		process.exit(isMistake ? exitCodes.invalid : exitCodes.done);
	};

	// A switch is off unless given: saying "(default: false)" on each of them tells nobody anything.
	Help.prototype.optionDescription = option => option.description;
	// `[name=value...]` is how commander writes an option that may be repeated, as if its value could be left out.
	Help.prototype.optionTerm = option => option.flags.replace(/\[(.+)\.\.\.\]/, '<$1>');
};

export const usageFailureOf = (command: Command, message: string, code = ''): AiworkflowError => {
	const title = titleOf(command);
	const seeHelp = `See \`${title} --help\`.`;
	const quoted = /'([^']*)'/.exec(message)?.[1] ?? '';
	if (code === 'commander.unknownCommand') return unknownCommand(command, quoted);
	if (code === 'commander.unknownOption') return unknownOption(command, quoted);
	if (code === 'commander.missingArgument')
		return usageInvalid(`\`${title}\` needs an argument: <${quoted}>.`, `Usage: \`${title} ${command.usage()}\`.`);
	if (code === 'commander.optionMissingArgument') {
		const [name, value] = quoted.split(' ');
		return usageInvalid(`The option ${name} needs a value.`, `Write \`${name}=${value ?? '<value>'}\`. ${seeHelp}`);
	}

	if (code === 'commander.excessArguments') return excessArguments(command);
	const sentence = message.replace(/^error: /, '').split('\n')[0]!;
	return usageInvalid(`${sentence.charAt(0).toUpperCase()}${sentence.slice(1).replace(/\.?$/, '.')}`, seeHelp);
};

const unknownCommand = (command: Command, word: string) => {
	const title = titleOf(command);
	const names = command.commands.flatMap(child => [child.name(), ...child.aliases()]);
	const meant = meantBy(word, names);
	const isWorkflow = !command.parent && (word.endsWith('.md') || existsSync(word));
	const next = meant
		? `Did you mean \`${title} ${meant}\`?`
		: isWorkflow
			? `To run a workflow, write \`${title} run ${word}\`.`
			: `There are: ${names.join(', ')}. See \`${title} --help\`.`;
	return usageInvalid(`There is no command \`${title} ${word}\`.`, next);
};

const unknownOption = (command: Command, flag: string) => {
	const title = titleOf(command);
	const name = flag.split('=')[0]!;
	if (!command.parent && isOptionOfCockpit(name))
		return usageInvalid(`${name} belongs to the cockpit, which takes no command.`, `Write \`${title} ${flag}\`.`);
	const known = [
		...command.options.flatMap(option => option.long ?? []),
		...(command.parent ? [] : cockpitOptions),
		'--help',
	];
	const meant = meantBy(name, known);
	return usageInvalid(
		`\`${title}\` has no option ${name}.`,
		meant ? `Did you mean \`${meant}\`?` : `It knows ${known.join(', ')}. See \`${title} --help\`.`,
	);
};

const cockpitOptions = ['--read-only', '--theme', '--ascii', '--no-color', '--render', '--inline', '--screen-reader'];
const isOptionOfCockpit = (name: string) => cockpitOptions.includes(name) && name !== '--no-color';

const excessArguments = (command: Command) => {
	const title = titleOf(command);
	const expected = command.registeredArguments.map(argument => `<${argument.name()}>`).join(' ');
	return usageInvalid(
		`\`${title}\` takes ${expected === '' ? 'no arguments' : `only ${expected}`}, but got: ${command.args.join(' ')}.`,
		`See \`${title} --help\`; quote a value that has spaces in it.`,
	);
};

const titleOf = (command: Command): string =>
	command.parent ? `${titleOf(command.parent)} ${command.name()}` : command.name();
