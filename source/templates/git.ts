import {mkdtemp, rm, stat} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {execa} from 'execa';
import {limits} from '../limits.ts';
import {formatDuration} from '../units.ts';
import type {LoadedTemplate} from './definition.ts';
import {addressInvalid, cloneFailed} from './failures.ts';
import {loadTemplate, metadataFile} from './load.ts';
import {templateFoldersIn} from './sources.ts';

export interface RepositoryAddress {
	/** As git is told. */
	readonly url: string;
	/** The folder of the template in it; empty: the top. */
	readonly below: string;
	/** Without a password, for messages. */
	readonly shown: string;
}

/**
 * @returns `undefined` for what is no address: an id or a path.
 * @throws AiworkflowError `template.address-invalid` for a protocol that is not allowed, or a path that leads out.
 */
export const repositoryAddressOf = (text: string): RepositoryAddress | undefined => {
	if (!/^[a-z][a-z+]*:\/\//i.test(text)) return undefined;
	const [address = '', below = ''] = text.split('#', 2);
	const url = address.replace(/^git\+/i, '');
	const shown = url.replace(/\/\/[^/@]*@/, '//***@');
	if (!/^(?:https|ssh|file):\/\//i.test(url)) throw addressInvalid(shown, 'only https, ssh and file are allowed.');
	if (path.isAbsolute(below) || below.split(/[/\\]/).includes('..'))
		throw addressInvalid(shown, 'what stands behind # is a path inside the repository.');
	return {url, below, shown};
};

/**
 * Fetches a repository into a temporary folder, reads the template, and removes the folder again. Runs no hooks, no
 * filters and nothing else of the repository, and never asks for a password.
 *
 * @throws AiworkflowError `template.unreachable`, `template.address-invalid`.
 */
export const fetchTemplate = async ({url, below, shown}: RepositoryAddress): Promise<LoadedTemplate> => {
	const scratch = await mkdtemp(path.join(tmpdir(), 'aiworkflow-template-'));
	try {
		const clone = path.join(scratch, 'repository');
		await cloneInto(clone, url, shown, scratch);
		const folder = path.join(clone, below);
		await mustHoldTemplate(folder, clone, below, shown);
		return await loadTemplate(folder, {kind: 'git', of: below === '' ? shown : `${shown}#${below}`});
	} finally {
		await rm(scratch, {recursive: true, force: true});
	}
};

/** Settings of git for this call only: no protocol but these, no hooks, no links, no submodules. */
const settings = [
	'protocol.allow=never',
	'protocol.https.allow=always',
	'protocol.ssh.allow=always',
	'protocol.file.allow=always',
	'core.hooksPath=/dev/null',
	'core.fsmonitor=false',
	'core.symlinks=false',
	'submodule.recurse=false',
	'filter.lfs.smudge=',
	'filter.lfs.process=',
	'filter.lfs.required=false',
].flatMap(setting => ['-c', setting]);

const cloneInto = async (folder: string, url: string, shown: string, scratch: string): Promise<void> => {
	const options = ['--depth=1', '--single-branch', '--no-tags', '--no-recurse-submodules', '--quiet', '--template='];
	const {failed, timedOut, stderr, code} = await execa('git', [...settings, 'clone', ...options, '--', url, folder], {
		cwd: scratch,
		timeout: limits.templateFetchMs,
		forceKillAfterDelay: 2000,
		stdin: 'ignore',
		reject: false,
		env: {
			GIT_TERMINAL_PROMPT: '0',
			GIT_LFS_SKIP_SMUDGE: '1',
			GIT_SSH_COMMAND: process.env.GIT_SSH_COMMAND ?? 'ssh -oBatchMode=yes',
			LC_ALL: 'C',
		},
	});
	if (!failed) return;
	if (code === 'ENOENT') throw cloneFailed(shown, 'there is no `git` on the PATH.');
	if (timedOut) throw cloneFailed(shown, `it took longer than ${formatDuration(limits.templateFetchMs)}.`);
	const said = stderr.split('\n').findLast(line => /^(?:fatal|error):/.test(line)) ?? stderr.trim().split('\n').at(-1);
	throw cloneFailed(shown, (said || 'git does not say why.').replaceAll(url, shown));
};

const mustHoldTemplate = async (folder: string, clone: string, below: string, shown: string): Promise<void> => {
	if (await stat(path.join(folder, metadataFile)).catch(() => undefined)) return;
	const nested = [...(await templateFoldersIn(clone)), ...(await templateFoldersIn(path.join(clone, 'templates')))];
	const places = nested.map(each => path.relative(clone, each));
	const known = places.length === 0 ? '' : ` It has ${places.map(place => `#${place}`).join(', ')}.`;
	throw addressInvalid(shown, `there is no ${metadataFile} in ${below === '' ? 'its top folder' : below}.${known}`);
};
