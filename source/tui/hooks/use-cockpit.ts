import {useSyncExternalStore} from 'react';
import type {CockpitState} from '../state.ts';
import type {Store} from '../store/store.ts';

export const useCockpit = (store: Store): CockpitState => useSyncExternalStore(store.subscribe, store.get, store.get);
