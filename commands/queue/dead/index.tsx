export const description = 'List and replay messages that were given up';
