export const description = 'List, pause, resume and try schedules of workflows';
