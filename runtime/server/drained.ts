import type {ServerResponse} from 'node:http';

/** Waits while more than a little of what was written is still to be read, or until nobody is there to read it. */
export const drained = async (response: ServerResponse): Promise<void> => {
	if (response.destroyed || !response.writableNeedDrain) return;
	await new Promise<void>(resolve => {
		const done = () => {
			response.off('drain', done);
			response.off('close', done);
			resolve();
		};

		response.on('drain', done);
		response.on('close', done);
	});
};
