export const description = 'Listen for webhooks, list and test them';
