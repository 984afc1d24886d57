import type {DirectWork} from '../../../source/workflow/direct-work.ts';
import type {DirectAnswer, DirectRequest} from '../direct-protocol.ts';

/** Does one kind of work. A failure that is expected is thrown, or comes with what there is to tell about it. */
export type DirectHandler<Work extends DirectWork> = (work: Work, place: DirectRequest) => Promise<DirectAnswer>;

type Handlers = {
	readonly [Kind in DirectWork['kind']]: () => Promise<DirectHandler<Extract<DirectWork, {kind: Kind}>>>;
};

/** Loaded one by one: a process does one kind of work. */
const handlers: Handlers = {
	http: async () => (await import('./http.ts')).handleHttp,
	transform: async () => (await import('./transform.ts')).handleTransform,
	sql: async () => (await import('./sql.ts')).handleSql,
	tool: async () => (await import('./tool.ts')).handleTool,
	replay: async () => (await import('./replay.ts')).handleReplay,
};

export const handle = async (request: DirectRequest): Promise<DirectAnswer> => {
	const handler = (await handlers[request.work.kind]()) as DirectHandler<DirectWork>;
	return handler(request.work, request);
};
