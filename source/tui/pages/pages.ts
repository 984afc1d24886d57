import type {CockpitState, Size} from '../state.ts';
import {agentsPage} from './agents/page.ts';
import {logsPage} from './logs/page.ts';
import {moneyPage} from './money/page.ts';
import {outboxPage} from './outbox/page.ts';
import {toolsPage} from './tools/page.ts';
import {triggersPage} from './triggers/page.ts';
import {workflowsPage} from './workflows/page.ts';

/** A screen besides home: what it is called, how one gets there, and how its cursor moves. Its looks are in `bodies.ts`. */
export interface Page {
	readonly title: string;
	/** @param size Of its pane, borders included. @returns The state with its cursor moved by so many rows. */
	readonly moved: (state: CockpitState, rows: number, size: Size) => CockpitState;
}

/** In the order of their keys: home is `1`. */
export const pageNames = ['money', 'agents', 'workflows', 'triggers', 'logs', 'tools', 'outbox'] as const;
export type PageName = (typeof pageNames)[number];

export const pages: Readonly<Record<PageName, Page>> = {
	money: moneyPage,
	agents: agentsPage,
	workflows: workflowsPage,
	triggers: triggersPage,
	logs: logsPage,
	tools: toolsPage,
	outbox: outboxPage,
};

/** @returns `undefined` at home. */
export const pageOf = ({screen}: Pick<CockpitState, 'screen'>): Page | undefined =>
	screen === 'home' ? undefined : pages[screen];
