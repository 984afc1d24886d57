import {queuePackageMissing} from './failures.ts';

/**
 * Loads the client of a server of queues, which is heavy and which npm may have left out: only where a workflow uses it.
 *
 * @throws AiworkflowError `queue.package-missing`.
 */
export const loadPackage = async <Module>(
	server: string,
	packages: readonly string[],
	load: () => Promise<Module>,
): Promise<Module> => {
	try {
		return await load();
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
		throw queuePackageMissing(server, packages);
	}
};
