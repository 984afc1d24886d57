import packageJson from '../package.json' with {type: 'json'};

export const version: string = packageJson.version;
/** The oldest Node.js that has everything this product uses: `node:sqlite` without a flag or a warning. */
export const nodeVersionMin = '24.15';
