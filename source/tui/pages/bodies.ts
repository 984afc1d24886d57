import type {ReactNode} from 'react';
import type {CockpitState, Size} from '../state.ts';
import type {Look} from '../theme.ts';
import {AgentsBody} from './agents/AgentsBody.tsx';
import {LogsBody} from './logs/LogsBody.tsx';
import {MoneyBody} from './money/MoneyBody.tsx';
import {OutboxBody} from './outbox/OutboxBody.tsx';
import type {PageName} from './pages.ts';
import {ToolsBody} from './tools/ToolsBody.tsx';
import {TriggersBody} from './triggers/TriggersBody.tsx';
import {WorkflowsBody} from './workflows/WorkflowsBody.tsx';

export interface BodyProps {
	readonly state: CockpitState;
	readonly look: Look;
	/** Everything between the header and the keys. */
	readonly size: Size;
}

export const bodies: Readonly<Record<PageName, (props: BodyProps) => ReactNode>> = {
	money: MoneyBody,
	agents: AgentsBody,
	workflows: WorkflowsBody,
	triggers: TriggersBody,
	logs: LogsBody,
	tools: ToolsBody,
	outbox: OutboxBody,
};
