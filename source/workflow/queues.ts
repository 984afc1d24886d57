/** From the last to the first. */
export const priorities = ['low', 'normal', 'high', 'critical'] as const;
export type Priority = (typeof priorities)[number];

export const queueBackends = ['embedded', 'redis', 'rabbitmq'] as const;
export type QueueBackendKind = (typeof queueBackends)[number];

/** Names that every backend takes. */
export const isQueueName = (name: string): boolean => /^[A-Za-z0-9][\w.-]{0,99}$/.test(name);
