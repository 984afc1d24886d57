/** Easy to read aloud and to type: no vowels, so no words; no l, 1, o, 0. */
const alphabet = 'bcdfghjkmnpqrstvwxz23456789';

/** How many bytes an id is made from, and characters it has. */
export const runIdLength = 12;

/** @param bytes `runIdLength` of them, random or a digest. */
export const runIdFrom = (bytes: Uint8Array): string =>
	Array.from(bytes.subarray(0, runIdLength), byte => alphabet[byte % alphabet.length]).join('');
