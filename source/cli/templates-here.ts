import path from 'node:path';
import {fetchTemplate, repositoryAddressOf} from '../templates/git.ts';
import {findTemplate, type ListedTemplate} from '../templates/sources.ts';
import {findWorkspace} from '../workflow-files.ts';

export const workspaceOf = (asked: string | undefined): string => path.resolve(asked ?? findWorkspace(process.cwd()));

/**
 * A template by what a person calls it: an id, the path of a folder, or the address of a repository.
 *
 * @throws AiworkflowError `template.not-found`, `template.unreachable`, `template.address-invalid`.
 */
export const templateOf = async (reference: string, workspace: string): Promise<ListedTemplate> => {
	const address = repositoryAddressOf(reference);
	if (!address) return findTemplate(reference, {workspace}, process.cwd());
	const template = await fetchTemplate(address);
	return {id: template.metadata?.id ?? address.shown, template, shadows: []};
};
