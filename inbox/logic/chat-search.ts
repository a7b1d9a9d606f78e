import type { ChatSummary } from '../../lambdas/inbox/api';
import { fold } from './highlight';

/** How many chats a search loads to find a first one: each 50 are a request, after the one before. */
export const SEARCH_DEPTH = 500;

/** How far a list is loaded. */
interface Loaded {
  readonly status: 'idle' | 'loading' | 'failed' | 'ready';
  readonly chats: readonly ChatSummary[];
  readonly hasMore: boolean;
}

/**
 * Why a search found nothing: nothing is there, the next page is `loading` or to be loaded (`load-more`), the list
 * could not be loaded, or it is longer than the search goes by itself (`paused`).
 * @param depth up to how many chats it loads pages
 */
export function withoutMatch({ status, chats, hasMore }: Loaded, depth: number) {
  if (status === 'failed' || status === 'loading') return status;
  if (status === 'idle') return 'loading';
  if (!hasMore) return 'nothing';
  return chats.length < depth ? 'load-more' : 'paused';
}

/** Whether a chat's name or number contains what is searched; all do where nothing is. */
export function matchesSearch({ name, address }: ChatSummary, query: string): boolean {
  const digits = query.replace(/\D/gu, '');
  return fold(name).includes(fold(query.trim())) || (digits.length >= 3 && address.includes(digits));
}
