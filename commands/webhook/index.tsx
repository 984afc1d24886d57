export const description = 'Listen for webhooks, list and test them; see what is sent to others';
