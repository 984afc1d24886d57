import type {Page} from '../pages.ts';
import {scrolledLog} from './view.ts';

export const logsPage: Page = {title: 'log of the daemon', moved: scrolledLog};
