import {existsSync, renameSync, statSync} from 'node:fs';
import pino, {type Logger} from 'pino';

export type Log = Logger;

/** A larger log is put aside (`daemon.log.1`) when a daemon starts. */
const logBytesMax = 10 * 1024 * 1024;

/** The daemon's log: one JSON object a line, in a private file. */
export const openLog = (file: string): Log => {
	if (existsSync(file) && statSync(file).size > logBytesMax) renameSync(file, `${file}.1`);
	const destination = pino.destination({dest: file, sync: true, mode: 0o600});
	return pino({base: {pid: process.pid}, timestamp: pino.stdTimeFunctions.isoTime}, destination);
};
