export const description = 'List, show, replay and remove outgoing webhooks that were given up';
