import type {FastifyRequest} from 'fastify';
import {attemptOfClient} from '../security/inside.ts';

/** @returns `run/step` of the attempt that the caller of a request is a part of; `undefined` for everybody else. */
export const attemptOfCaller = (request: FastifyRequest): string | undefined =>
	attemptOfClient(headerOf(request, 'x-aiworkflow-inside'), numberOf(headerOf(request, 'x-aiworkflow-pid')));

const headerOf = (request: FastifyRequest, name: string): string | undefined => {
	const value = request.headers[name];
	return Array.isArray(value) ? value[0] : value;
};

const numberOf = (text: string | undefined) => (text && /^\d+$/.test(text) ? Number(text) : undefined);
