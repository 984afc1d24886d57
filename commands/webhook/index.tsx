export const description = 'Listen for webhooks, and see what is sent';
