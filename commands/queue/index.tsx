export const description = 'Publish to queues, and see what waits in them';
